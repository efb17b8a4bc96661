"""Outlines of detected objects, so that less than the whole box is removed."""

from vision.outlines.find import Outline, outline, outline_all

__all__ = ["Outline", "outline", "outline_all"]
