"""Jobs: rows that workers claim, hold by a lease and end; and messages that wake workers."""
