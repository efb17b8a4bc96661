"""What may be asked of lists: which rows, in which order, with which fields."""
