"""One way to call all inpainters, whether or not they can be told where to copy from."""

import numpy as np
from numpy.typing import NDArray

from vision.errors import InpainterFailed, VisionError
from vision.inpainters.base import FillOptions, Inpainter, SelectiveInpainter
from vision.progress import Checkpoint


def count_variants(inpainter: Inpainter) -> int:
    """Return how many results the inpainter has for one mask."""
    return inpainter.variant_count if isinstance(inpainter, SelectiveInpainter) else 1


def check_variant(inpainter: Inpainter, variant: int) -> None:
    """Raise VisionError (no_such_variant) if the inpainter has no such variant, from 0."""
    count = count_variants(inpainter)
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

    Raises InpainterFailed, also (inpainter_wrong_result) for a result of another shape.
    """
    if isinstance(inpainter, SelectiveInpainter):
        fill = inpainter.fill_variant(crop, mask, options, checkpoint=checkpoint)
    else:
        # Such an inpainter reads nothing from holes, so what it must not copy becomes one.
        for part in (options.hidden, options.avoid):
            if part is not None:
                mask = np.where(part, np.uint8(255), mask)
        fill = inpainter.fill(crop, mask, checkpoint=checkpoint)
    if fill.shape != crop.shape or fill.dtype != np.uint8:
        raise InpainterFailed(
            f"The inpainter {inpainter.name} returned {fill.shape} {fill.dtype} "
            f"for a crop of {crop.shape}.",
            code="inpainter_wrong_result",
            user_can_fix=False,
        )
    return fill
