"""Outlines of objects, detected or clicked, so that less than the whole box is removed."""

from vision.outlines.at_points import PointedObject, check_points, find_at_points
from vision.outlines.find import Outline, find_outline, find_outlines
from vision.outlines.point_candidates import Point

__all__ = [
    "Outline",
    "Point",
    "PointedObject",
    "check_points",
    "find_at_points",
    "find_outline",
    "find_outlines",
]
