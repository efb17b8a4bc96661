"""Draws around detected objects, so that not their whole box has to go."""

from vision.outlines.find import Outline, outline
from vision.outlines.together import outline_all

__all__ = ["Outline", "outline", "outline_all"]
