"""HTTP features that all views share: preconditions, waiting, pages, idempotency, limits."""
