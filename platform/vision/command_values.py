"""Values of the command's arguments, read from text."""

import argparse

from vision.detectors.base import Box
from vision.mask_reading import MAX_VALUE


def parse_labels(text: str) -> tuple[str, ...]:
    """Return the labels between commas."""
    return tuple(label.strip() for label in text.split(",") if label.strip())


def parse_box(text: str) -> Box:
    """Return the box of X,Y,WIDTH,HEIGHT in pixels. Raises ArgumentTypeError."""
    try:
        x, y, width, height = (int(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not X,Y,WIDTH,HEIGHT in pixels") from None
    if width <= 0 or height <= 0:
        raise argparse.ArgumentTypeError(f"{text} has no width or no height")
    if x < 0 or y < 0:
        raise argparse.ArgumentTypeError(f"{text} starts outside the photo")
    return Box(x, y, width, height)


def parse_label_number(text: str) -> int:
    """Return the label number of a mask. Raises ArgumentTypeError."""
    if not text.isdecimal() or int(text) > MAX_VALUE:
        raise argparse.ArgumentTypeError(f"{text} is not a label, 0 to {MAX_VALUE}")
    return int(text)


def parse_pixels(text: str) -> int:
    """Return a number of pixels. Raises ArgumentTypeError."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text} is not a number of pixels, 0 or more")
    return int(text)
