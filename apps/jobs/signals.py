"""Signals about jobs that other apps may listen to."""

from django.dispatch import Signal

# Sent by the job's class with state=, error_code= and timings= (seconds per step), after a job has
# ended or was queued again.
job_ended = Signal()
# Sent by the job's class with keys=, in the transaction in which the rows with these keys end.
jobs_ending = Signal()
