"""One way to call all inpainters, whether or not they can be told where to copy from."""

import numpy as np
from numpy.typing import NDArray

from vision.copy_areas import build_nothing_to_copy_error
from vision.errors import InpainterFailed, VisionError
from vision.inpainters.base import FillOptions, Inpainter, SelectiveInpainter
from vision.progress import Checkpoint


def check_variant(inpainter: Inpainter, variant: int) -> None:
    """Raise VisionError (no_such_variant) if the inpainter has no such variant, from 0."""
    count = inpainter.variant_count if isinstance(inpainter, SelectiveInpainter) else 1
    if not 0 <= variant < count:
        raise VisionError(
            f"There is no result number {variant + 1}: {inpainter.name} has {count}.",
            code="no_such_variant",
        )


def fill_with(
    inpainter: Inpainter,
    crop: NDArray[np.uint8],
    mask: NDArray[np.uint8],
    options: FillOptions,
    checkpoint: Checkpoint,
) -> NDArray[np.uint8]:
    """Return the crop with its holes filled by any inpainter; arguments as of `fill_variant`.

    Raises InpainterFailed, also (inpainter_wrong_result) for a result of another shape, and
    MaskRejected (mask_no_source) where `options.avoid` leaves nothing to copy.
    """
    try:
        fill = _fill(inpainter, crop, mask, options, checkpoint)
    except InpainterFailed as error:
        if error.code == "inpainter_no_source" and _limits_source(mask, options):
            raise build_nothing_to_copy_error() from error
        raise
    if fill.shape != crop.shape or fill.dtype != np.uint8:
        raise InpainterFailed(
            f"The inpainter {inpainter.name} returned {fill.shape} {fill.dtype} "
            f"for a crop of {crop.shape}.",
            code="inpainter_wrong_result",
            user_can_fix=False,
        )
    return fill


def _fill(
    inpainter: Inpainter,
    crop: NDArray[np.uint8],
    mask: NDArray[np.uint8],
    options: FillOptions,
    checkpoint: Checkpoint,
) -> NDArray[np.uint8]:
    if isinstance(inpainter, SelectiveInpainter):
        return inpainter.fill_variant(crop, mask, options, checkpoint=checkpoint)
    # Such an inpainter reads nothing from holes, so what it must not copy becomes one.
    for part in (options.hidden, options.avoid):
        if part is not None:
            mask = np.where(part, np.uint8(255), mask)
    return inpainter.fill(crop, mask, checkpoint=checkpoint)


def _limits_source(mask: NDArray[np.uint8], options: FillOptions) -> bool:
    """Return whether `options.avoid` takes anything away that could be copied."""
    known = mask == 0
    if options.hidden is not None:
        known &= ~options.hidden
    return options.avoid is not None and bool((known & options.avoid).any())
