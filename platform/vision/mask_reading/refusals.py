"""The errors for mask files that cannot be read without a guess."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vision.errors import MaskRejected

_MAX_NAMED = 12
_MIN_AREA_SHARE = 0.001

_HOW_TO_SEND = (
    "Send a file with two values, light where pixels should be removed, or say with "
    "mask_convention what is meant: white, black, transparent or auto."
)


def build_unclear_error(found: str) -> MaskRejected:
    """Build the error for a file without a clear mask in it; `found` is what is in it."""
    return MaskRejected(
        f"It is not clear which pixels the mask marks: {found}. {_HOW_TO_SEND}",
        code="mask_unclear",
    )


def build_opaque_frame_error(share: float) -> MaskRejected:
    """Build the error for light paint over `share` of the frame, with a transparent part."""
    return MaskRejected(
        f"It is not clear which pixels the mask marks: {share:.0%} of its edge is opaque and "
        "light, and a part inside is transparent. If the transparent part should be removed, send "
        "mask_convention=transparent; if all the rest should be, make that part black.",
        code="mask_unclear",
    )


def build_cutout_error(share: float) -> MaskRejected:
    """Build the error for an object cut out of a photo: `share` of the frame is transparent."""
    return MaskRejected(
        f"It is not clear which pixels the mask marks: it is a photo, and {share:.0%} of its edge "
        "is transparent. If the transparent part should be removed, send "
        "mask_convention=transparent; if the visible part should be, paint it white.",
        code="mask_unclear",
    )


def build_coloured_ground_error() -> MaskRejected:
    """Build the error for a mask in colours whose ground would be removed."""
    return MaskRejected(
        "It is not clear which pixels the mask marks: it has colours, and what would be removed is "
        "most of its edge. Send black and white, or mask_convention=black if the darker colours "
        "should be removed, or white if the lighter ones should.",
        code="mask_unclear",
    )


def build_marked_frame_error(found: str) -> MaskRejected:
    """Build the error for areas above 0 along most of the frame; `found` is what is in the file."""
    return MaskRejected(
        f"It is not clear which pixels the mask marks: {found}, and those above 0 are most of its "
        "edge. Send the label to remove as value, or a file with two values, light where pixels "
        "should be removed.",
        code="mask_unclear",
    )


def build_no_hole_error() -> MaskRejected:
    """Build the error for a file that is opaque everywhere."""
    return MaskRejected(
        "The mask has no transparent part, which mask_convention=transparent needs. Erase what "
        "should vanish, or send another mask_convention: white, black or auto.",
        code="mask_empty",
    )


def build_absent_value_error(value: int, levels: Sequence[int]) -> MaskRejected:
    """Build the error for a label that no pixel has."""
    return MaskRejected(
        f"No pixel of the mask has the value {value}. Found: {list_numbers(levels)}.",
        code="mask_value_absent",
    )


def build_no_numbers_error() -> MaskRejected:
    """Build the error for a label in a file that does not keep labels."""
    return MaskRejected(
        "A value can be chosen only in a label mask: a PNG with a palette or with greys, or "
        "another grey file without loss. Leave the value out, or send such a file.",
        code="mask_value_absent",
    )


def build_empty_error(found: str) -> MaskRejected:
    """Build the error for a file that marks nothing; `found`: the values in it, in words."""
    return MaskRejected(
        f"Nothing is marked in the mask: {found}. {_HOW_TO_SEND}", code="mask_empty"
    )


def list_numbers(levels: Sequence[int]) -> str:
    """Return numbers in words: "0, 1, 15", the rest of many as their count."""
    named = ", ".join(str(int(level)) for level in levels[:_MAX_NAMED])
    rest = len(levels) - _MAX_NAMED
    return f"{named} and {rest} more up to {int(levels[-1])}" if rest > 0 else named


def describe_levels(levels: Sequence[int], kind: str) -> str:
    """Return what a channel contains: "it has one grey, 0" or "it has 3 greys: 0, 1, 2"."""
    if len(levels) == 1:
        return f"it has one {kind} only, {int(levels[0])}"
    return f"it has {len(levels)} {kind}s: {list_numbers(levels)}"


def describe_colours(codes: NDArray[np.int64]) -> str:
    """Return what colours there are, by their codes 0xRRGGBB: "it has 2 colours: #000000, …"."""
    if len(codes) > _MAX_NAMED:
        return f"it has {len(codes)} colours, like a photo"
    if len(codes) == 1:
        return f"it has one colour only, #{int(codes[0]):06x}"
    names = ", ".join(f"#{code:06x}" for code in codes.tolist())
    return f"it has {len(codes)} colours: {names}"
