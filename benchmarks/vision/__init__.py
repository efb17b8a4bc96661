"""`make bench-vision`: the speed and quality of removal, and detection; written to VISION.md."""
