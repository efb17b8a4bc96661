"""Outlines of detected objects, so that less than the whole box is removed."""

from vision.outlines.find import Outline, find_outline, find_outlines

__all__ = ["Outline", "find_outline", "find_outlines"]
