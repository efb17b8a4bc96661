"""The command's options about how the removed area is filled."""

import argparse
from pathlib import Path
from typing import Any

from vision.files import Filling
from vision.mask_reading import MaskFile


def add_filling_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options: what may be copied, what must not be, and which result is taken."""
    parser.add_argument(
        "--copy-from",
        type=Path,
        metavar="FILE",
        help="a mask, read as --mask is: only what it marks is copied into the removed area",
    )
    parser.add_argument(
        "--protect",
        type=Path,
        metavar="FILE",
        help="a mask, read as --mask is: what it marks is never copied",
    )
    parser.add_argument(
        "--variant",
        type=_parse_variant,
        default=0,
        metavar="N",
        help="another result of PatchMatch: 1 is the second best",
    )


def read_filling(options: dict[str, Any]) -> Filling:
    """Return what the options ask for, with their files read. Raises OSError."""
    source, protect = (
        None if options[name] is None else MaskFile(options[name].read_bytes())
        for name in ("copy_from", "protect")
    )
    return Filling(source, protect, options["variant"])


def _parse_variant(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text} is not a whole number, 0 or more")
    return int(text)
