"""The reasons to reject a file: the codes and messages of `PictureRejected`."""

import struct
import zlib

from vision.errors import PictureRejected

FORMAT_LIST = "JPEG, PNG, WebP, TIFF, AVIF, HEIC, GIF and BMP"

OUT_OF_MEMORY_STATUS = 3
"""Exit status of a child process that ran out of memory."""

BAD_FILE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    EOFError,
    struct.error,
    zlib.error,
)
"""The exceptions that readers raise on bad files. MemoryError is handled before these."""


def build_unsupported_error(
    reason: str = "This is not a picture that can be opened here",
) -> PictureRejected:
    """Build the error for a file of another type, or of a rare kind of a known type."""
    return PictureRejected(
        f"{reason}. {FORMAT_LIST} can be: save the picture as one of these and try again.",
        code="unsupported_type",
    )


def build_unopened_error(name: str | None) -> PictureRejected:
    """Build the error for a file of the type of that name; None: its type is unknown."""
    return (
        build_unsupported_error(f"{name} files can't be opened")
        if name
        else build_unsupported_error()
    )


def build_too_many_pixels_error(
    reason: str, max_pixels: int, max_side: int, size: tuple[int, int] | None = None
) -> PictureRejected:
    """Build the error for a picture that is too large.

    `reason`: the start of the message, with the picture's size. `size`: (width, height), if known.
    """
    error = PictureRejected(
        f"{reason}; at most {max_pixels / 1e6:.0f} megapixels and {max_side} pixels a side can be "
        "opened. Make the picture smaller and try again.",
        code="too_many_pixels",
    )
    return error.attach_values(
        expected={"max_pixels": max_pixels, "max_side": max_side},
        received=size and {"width": size[0], "height": size[1]},
    )


def build_too_many_scans_error(scans: int, limit: int) -> PictureRejected:
    """Build the error for a progressive JPEG with more than `limit` scans."""
    return PictureRejected(
        f"This JPEG is stored in more than {limit} passes (at least {scans}), which would take too "
        "long to open. Save it again as an ordinary JPEG and try again.",
        code="too_many_scans",
    )


def build_truncated_error() -> PictureRejected:
    """Build the error for a file whose end is missing."""
    return PictureRejected(
        "The file is cut off: its end is missing. Copy or download it again and try again.",
        code="truncated",
    )


def build_corrupt_error() -> PictureRejected:
    """Build the error for a file that begins like a picture but is damaged."""
    return PictureRejected(
        "The file is damaged and can't be opened. Save the picture again in an image editor, or "
        "use another copy.",
        code="corrupt",
    )


def build_memory_error() -> PictureRejected:
    """Build the error for a picture that needs more memory than the limit."""
    return PictureRejected(
        "Opening this picture needs too much memory. Make it smaller, or save it as an ordinary "
        "JPEG or PNG, and try again.",
        code="decode_memory",
    )


def build_timeout_error() -> PictureRejected:
    """Build the error for a picture that needs more time than the limit."""
    return PictureRejected(
        "Opening this picture takes too long. Make it smaller, or save it as an ordinary JPEG or "
        "PNG, and try again.",
        code="decode_timeout",
    )
