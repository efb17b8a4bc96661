"""Detectors: they find labelled objects in pictures."""

from vision.detectors.base import Box, Detection, Detector
from vision.detectors.registry import DETECTORS, load_detector

__all__ = ["DETECTORS", "Box", "Detection", "Detector", "load_detector"]
