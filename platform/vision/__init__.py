"""Imaging for Vanish: decode, mask, detect, inpaint, patch. No Django, no database."""
