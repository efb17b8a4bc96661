"""What can go wrong in `vision`, each with a stable code and a sentence for the user."""

from collections.abc import Mapping
from typing import Self


class VisionError(Exception):
    """Something that `vision` could not do.

    Attributes:
        code: stable snake_case name of the cause, for programs.
        message: what is wrong and what to do about it, for people.
        permanent: the same call can't succeed later.
        user_can_mend: the one who asked can do something about it (another file, another mask).
        expected, received: what would have been taken and what came, by name ({"width": 800}).
    """

    expected: Mapping[str, int] | None = None
    received: Mapping[str, int] | None = None

    def __init__(
        self, message: str, *, code: str, permanent: bool = True, user_can_mend: bool = True
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.permanent = permanent
        self.user_can_mend = user_can_mend

    def measured(
        self, *, expected: Mapping[str, int] | None, received: Mapping[str, int] | None = None
    ) -> Self:
        """This error, with the numbers behind its sentence."""
        self.expected, self.received = expected, received
        return self


class PictureRejected(VisionError):
    """A file that is not a picture we can open.

    Codes: unsupported_type, truncated, too_large (bytes), too_many_pixels, too_many_scans, corrupt,
    decode_timeout, decode_memory, empty_file.
    """


class MaskRejected(VisionError):
    """A mask that can't be used.

    Codes: mask_empty, mask_wrong_size, mask_covers_everything, mask_unreadable.
    """


class WeightsMissing(VisionError):
    """A model file is not there. Code: weights_missing."""

    def __init__(
        self,
        message: str,
        *,
        code: str = "weights_missing",
        permanent: bool = True,
        user_can_mend: bool = False,
    ) -> None:
        super().__init__(message, code=code, permanent=permanent, user_can_mend=user_can_mend)


class DetectorFailed(VisionError):
    """A detector gave no answer.

    Codes: detector_throttled, detector_unreachable (both may work later), detector_denied,
    detector_rejected_input.
    """


class InpainterFailed(VisionError):
    """An inpainter gave no picture, or one of the wrong shape."""


class Cancelled(Exception):
    """Raised by a checkpoint to stop the work; not an error."""
