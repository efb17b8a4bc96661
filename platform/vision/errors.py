"""The errors of `vision`, each with a stable code and a message for the user."""

from collections.abc import Mapping
from typing import Self


class VisionError(Exception):
    """Base class of all errors in `vision`.

    Attributes:
        code: stable snake_case name of the cause, for programs.
        message: what is wrong and what to do about it, for people.
        detail: the cause and the remedy for administrators, maybe with commands. It is for logs
            and commands, which show `str(error)`; users see `message` alone.
        permanent: the same call can't succeed later.
        user_can_fix: the user can fix the cause, for example with another file or another mask.
        expected, received: the accepted and the actual values, by name ({"width": 800}).
    """

    expected: Mapping[str, int] | None = None
    received: Mapping[str, int] | None = None

    def __init__(
        self,
        message: str,
        *,
        code: str,
        permanent: bool = True,
        user_can_fix: bool = True,
        detail: str = "",
    ) -> None:
        super().__init__(detail or message)
        self.message = message
        self.detail = detail
        self.code = code
        self.permanent = permanent
        self.user_can_fix = user_can_fix

    def attach_values(
        self, *, expected: Mapping[str, int] | None, received: Mapping[str, int] | None = None
    ) -> Self:
        """Store the numbers that the message is about, and return this error."""
        self.expected, self.received = expected, received
        return self


class PictureRejected(VisionError):
    """A file that can't be opened as a picture.

    Codes: unsupported_type, truncated, too_large (bytes), too_many_pixels, too_many_scans, corrupt,
    decode_timeout, decode_memory, empty_file.
    """


class MaskRejected(VisionError):
    """A mask that can't be used.

    Codes: mask_empty, mask_wrong_size, mask_covers_everything, mask_unreadable, mask_unclear,
    mask_value_absent, mask_no_source.
    """


class WeightsMissing(VisionError):
    """A model file is missing. Code: weights_missing."""

    def __init__(self, detail: str) -> None:
        super().__init__(
            "A file that this needs is not installed on this site. Tell its administrator.",
            code="weights_missing",
            user_can_fix=False,
            detail=detail,
        )


class DetectorFailed(VisionError):
    """A detector returned no result.

    Codes: detector_throttled, detector_unreachable (both may work later), detector_denied,
    detector_rejected_input.
    """


class OutlineFailed(VisionError):
    """No object was found at a point. Codes: no_object_there, outlines_unavailable."""


class InpainterFailed(VisionError):
    """An inpainter returned no picture, or one of the wrong shape."""


class Cancelled(Exception):
    """Signal of a checkpoint to stop the work; not an error."""
