"""Jobs: rows that workers claim, hold by a lease and end, and the messages that wake workers."""
