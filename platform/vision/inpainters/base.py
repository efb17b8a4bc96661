"""The interface of every inpainter, and the checks that every inpainter makes first."""

from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from vision.errors import InpainterFailed
from vision.progress import Checkpoint


class Inpainter(Protocol):
    """Fills holes in a crop of a photo.

    Attributes:
        name: the name that users choose it by.
        max_parallel_regions: how many fills may run in parallel; 1 if one fill uses every
            processor.
    """

    name: str
    max_parallel_regions: int

    def fill(
        self, crop: NDArray[np.uint8], mask: NDArray[np.uint8], *, checkpoint: Checkpoint
    ) -> NDArray[np.uint8]:
        """Return the crop with its holes filled.

        Args:
            crop: [H,W,3] uint8 RGB at the photo's own resolution: the holes and their context.
            mask: [H,W] uint8, 255 = hole, 0 = keep.
            checkpoint: called with the share done, 0..1; an exception that it raises ends the work.

        Returns:
            [H,W,3] uint8; only the pixels of the holes matter.

        Raises:
            InpainterFailed: there is nothing to fill from, or the inpainter failed.
        """
        ...


@runtime_checkable
class SelectiveInpainter(Inpainter, Protocol):
    """Copies from the surroundings, so that it can be told from where, and has several results.

    Attributes:
        variant_count: how many results there are for one hole.
    """

    variant_count: int

    def fill_variant(
        self,
        crop: NDArray[np.uint8],
        mask: NDArray[np.uint8],
        *,
        checkpoint: Checkpoint,
        avoid: NDArray[np.bool_] | None = None,
        variant: int = 0,
        several: bool = True,
    ) -> NDArray[np.uint8]:
        """Return the crop with its holes filled, as `fill` does.

        Args:
            crop, mask, checkpoint: as of `fill`.
            avoid: [H,W] bool, what must not be copied; None: everything may be.
            variant: 0 for the best result, 1 for the next one, below `variant_count`.
            several: whether the best of several results is searched for where the first one is
                doubtful, which takes up to five times as long.

        Raises:
            InpainterFailed: as `fill`.
        """
        ...


def to_hole(crop: NDArray[np.uint8], mask: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return the hole as [H,W] bool; raise ValueError for arrays that are no input of `fill`."""
    if crop.ndim != 3 or crop.shape[2] != 3 or crop.dtype != np.uint8:
        raise ValueError(f"the crop must be [H,W,3] uint8, not {crop.shape} {crop.dtype}")
    if mask.shape != crop.shape[:2] or mask.dtype != np.uint8:
        raise ValueError(f"the mask must be {crop.shape[:2]} uint8, not {mask.shape} {mask.dtype}")
    hole: NDArray[np.bool_] = mask != 0
    return hole


def require_source(hole: NDArray[np.bool_]) -> None:
    """Raise InpainterFailed (inpainter_no_source) where the hole leaves nothing to fill it from."""
    if hole.all():
        raise InpainterFailed(
            "The area to remove leaves nothing around it to fill it from: mark less of the photo.",
            code="inpainter_no_source",
        )
