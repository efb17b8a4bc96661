"""What fills a hole: HiFill, or PatchMatch."""
