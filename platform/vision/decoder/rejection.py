"""Why a file is turned away: the codes and the sentences of `PictureRejected`."""

import struct
import zlib

from vision.errors import PictureRejected

OPENED = "JPEG, PNG, WebP, TIFF, AVIF, HEIC, GIF and BMP"

OUT_OF_MEMORY_STATUS = 3
"""With which the child ends."""

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
"""What the readers raise on bad files. Running out of memory is told apart before."""


def unsupported(reason: str = "This is not a picture that can be opened here") -> PictureRejected:
    """A file of another type, or a rare kind of a known one."""
    return PictureRejected(
        f"{reason}. {OPENED} can be: save the picture as one of these and try again.",
        code="unsupported_type",
    )


def not_opened(known_as: str | None) -> PictureRejected:
    """A file of a type that is known by that name, or not at all."""
    return unsupported(f"{known_as} files can't be opened") if known_as else unsupported()


def too_many_pixels(
    reason: str, max_pixels: int, max_side: int, size: tuple[int, int] | None = None
) -> PictureRejected:
    """`reason` names the size that was found, (width, height) where it is known."""
    rejected = PictureRejected(
        f"{reason}; at most {max_pixels / 1e6:.0f} megapixels and {max_side} pixels a side can be "
        "opened. Make the picture smaller and try again.",
        code="too_many_pixels",
    )
    return rejected.measured(
        expected={"max_pixels": max_pixels, "max_side": max_side},
        received=size and {"width": size[0], "height": size[1]},
    )


def too_many_scans(scans: int, limit: int) -> PictureRejected:
    """A progressive JPEG made to be slow."""
    return PictureRejected(
        f"This JPEG is stored in more than {limit} passes (at least {scans}), which would take too "
        "long to open. Save it again as an ordinary JPEG and try again.",
        code="too_many_scans",
    )


def truncated() -> PictureRejected:
    """The end of the file is missing."""
    return PictureRejected(
        "The file is cut off: its end is missing. Copy or download it again and try again.",
        code="truncated",
    )


def corrupt() -> PictureRejected:
    """The file says it is a picture, but does not hold one."""
    return PictureRejected(
        "The file is damaged and can't be opened. Save the picture again in an image editor, or "
        "use another copy.",
        code="corrupt",
    )


def out_of_memory() -> PictureRejected:
    """Opening it needs more memory than the limit."""
    return PictureRejected(
        "Opening this picture needs too much memory. Make it smaller, or save it as an ordinary "
        "JPEG or PNG, and try again.",
        code="decode_memory",
    )


def out_of_time() -> PictureRejected:
    """Opening it needs more time than the limit."""
    return PictureRejected(
        "Opening this picture takes too long. Make it smaller, or save it as an ordinary JPEG or "
        "PNG, and try again.",
        code="decode_timeout",
    )
