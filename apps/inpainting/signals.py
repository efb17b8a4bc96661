"""What other rooms may want to hear."""

from django.dispatch import Signal

# Sent by Edit or DetectionRun with state=, error_code= and timings= (seconds a stage), after a job
# ended or was given back.
job_ended = Signal()
