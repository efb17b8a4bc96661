"""The names of the queues. Each has workers of its own."""

EDITS = "edits"
DETECTION = "detection"
HOUSEKEEPING = "housekeeping"
QUEUES = (EDITS, DETECTION, HOUSEKEEPING)
