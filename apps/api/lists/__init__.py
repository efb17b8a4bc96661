"""Lists: their filters, their order and the fields that they show."""
