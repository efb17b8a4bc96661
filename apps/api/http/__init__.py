"""What every view of the API shares: conditions, waiting, pages, idempotency, limits, headers."""
