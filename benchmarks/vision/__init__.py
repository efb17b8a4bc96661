"""`make bench-vision`: how fast removal is, how good its fills are, what is found; VISION.md."""
