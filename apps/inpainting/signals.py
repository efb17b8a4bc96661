"""What other rooms may want to hear."""

from django.dispatch import Signal

# Sent by Edit or DetectionRun with state=, error_code= and timings= (seconds a stage), after a job
# ended or was given back.
job_ended = Signal()
# Sent by Edit or DetectionRun with keys=, in the transaction in which these rows end for good.
jobs_ending = Signal()
