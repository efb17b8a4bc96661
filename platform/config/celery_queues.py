"""The names of the queues. Each queue has its own workers."""

EDITS = "edits"
DETECTION = "detection"
HOUSEKEEPING = "housekeeping"
QUEUES = (EDITS, DETECTION, HOUSEKEEPING)
