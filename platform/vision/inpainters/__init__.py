"""Inpainters, which fill holes: HiFill and PatchMatch."""
