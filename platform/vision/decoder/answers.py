"""What the decoder's server answers to a request."""

STARTED = b"!"
"""The request was read: the child starts now."""
STATUS_BYTES = 4
"""Length of the child's exit status, a signed number in network order."""
