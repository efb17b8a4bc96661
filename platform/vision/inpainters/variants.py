"""One way to call all inpainters, whether or not they can be told where to copy from."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision.errors import InpainterFailed, VisionError
from vision.inpainters.base import Inpainter, SelectiveInpainter
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


@dataclass(frozen=True)
class Filler:
    """An inpainter and how it is used; see `SelectiveInpainter.fill_variant`."""

    inpainter: Inpainter
    variant: int = 0
    several: bool = True

    def fill(
        self,
        crop: NDArray[np.uint8],
        mask: NDArray[np.uint8],
        avoid: NDArray[np.bool_] | None,
        checkpoint: Checkpoint,
    ) -> NDArray[np.uint8]:
        """Return the crop with its holes filled; arguments as of `fill_variant`.

        Raises InpainterFailed, also (inpainter_wrong_result) for a result of another shape.
        """
        fill = self._fill(crop, mask, avoid, checkpoint)
        if fill.shape != crop.shape or fill.dtype != np.uint8:
            raise InpainterFailed(
                f"The inpainter {self.inpainter.name} returned {fill.shape} {fill.dtype} "
                f"for a crop of {crop.shape}.",
                code="inpainter_wrong_result",
                user_can_fix=False,
            )
        return fill

    def _fill(
        self,
        crop: NDArray[np.uint8],
        mask: NDArray[np.uint8],
        avoid: NDArray[np.bool_] | None,
        checkpoint: Checkpoint,
    ) -> NDArray[np.uint8]:
        inpainter = self.inpainter
        if isinstance(inpainter, SelectiveInpainter):
            return inpainter.fill_variant(
                crop,
                mask,
                checkpoint=checkpoint,
                avoid=avoid,
                variant=self.variant,
                several=self.several,
            )
        if avoid is not None:
            # Such an inpainter reads nothing from holes, so what it must not copy becomes one.
            mask = np.where(avoid, np.uint8(255), mask)
        return inpainter.fill(crop, mask, checkpoint=checkpoint)
