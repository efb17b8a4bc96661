"""A limit that no test reaches unless the platform hangs."""

LONG_SECONDS = 60.0
