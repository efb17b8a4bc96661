"""The interface of every inpainter, and the checks that every inpainter makes first."""

from dataclasses import dataclass
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


@dataclass(frozen=True, eq=False)
class FillOptions:
    """How a hole is filled by an inpainter that copies.

    Attributes:
        hidden: [H,W] bool, what is unknown without being filled: other holes; None: nothing is.
        avoid: [H,W] bool, what is known but must not be copied; None: everything may be.
        variant: 0 for the best result, 1 for the next one, below `variant_count`.
        quick: the first result is taken and the working size may be smaller, for many holes. Else
            the best of several results is searched for where the first one is doubtful.
    """

    hidden: NDArray[np.bool_] | None = None
    avoid: NDArray[np.bool_] | None = None
    variant: int = 0
    quick: bool = False


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
        options: FillOptions,
        *,
        checkpoint: Checkpoint,
    ) -> NDArray[np.uint8]:
        """Return the crop with its holes filled; arguments and errors as of `fill`."""
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
        raise build_no_source_error()


def build_no_source_error() -> InpainterFailed:
    """Return the error for a hole with nothing to fill it from: inpainter_no_source."""
    return InpainterFailed(
        "The area to remove leaves nothing around it to fill it from: mark less of the photo.",
        code="inpainter_no_source",
    )
