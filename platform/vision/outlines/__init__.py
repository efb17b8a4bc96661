"""Draws around detected objects, so that not their whole box has to go."""

from vision.outlines.find import Outline, outline

__all__ = ["Outline", "outline"]
