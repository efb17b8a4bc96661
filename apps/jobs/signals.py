"""Signals about jobs that other apps may listen to."""

from django.dispatch import Signal

# Sent by the job's class with state=, error_code= and timings= (seconds a stage), after a job
# ended or was queued again.
job_ended = Signal()
# Sent by the job's class with keys=, in the transaction in which these rows end for good.
jobs_ending = Signal()
