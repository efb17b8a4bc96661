"""What the scaling of edits costs and how long users wait: simulated from measured seconds."""
