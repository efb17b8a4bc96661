"""PatchMatch: fills a hole with pieces of its surroundings. Needs no weights.

Barnes, Shechtman, Finkelstein, Goldman: PatchMatch, SIGGRAPH 2009, in the hierarchical form of
Wexler, Shechtman, Irani: Space-Time Completion of Video, PAMI 2007; from the package pypatchmatch.
Where lines point into the hole there are several candidates, of which the best is taken.
"""

import numpy as np
from numpy.typing import NDArray

from vision.inpainters import detail
from vision.inpainters.base import (
    FillOptions,
    build_no_source_error,
    require_source,
    to_hole,
)
from vision.inpainters.patchmatch.candidates import COUNT, QUICK_SIDE, WORKING_SIDE
from vision.inpainters.patchmatch.choosing import choose_fill
from vision.inpainters.patchmatch.scenes import Crop
from vision.progress import Checkpoint, scale_checkpoint

MAX_PARALLEL_REGIONS = 2
"""A child uses one processor; more than two in parallel would need too much memory."""
CHILD_SHARE = 0.6
"""The child's share of the time; the rest is spent on detail."""


class PatchMatchInpainter:
    """Fills holes at a working size; detail is copied from the crop itself.

    The same crop and mask always give the same fill.
    """

    name = "patchmatch"
    max_parallel_regions = MAX_PARALLEL_REGIONS
    variant_count = COUNT

    def fill(
        self, crop: NDArray[np.uint8], mask: NDArray[np.uint8], *, checkpoint: Checkpoint
    ) -> NDArray[np.uint8]:
        """See `Inpainter.fill`. Pixels outside the hole are returned unchanged.

        Raises:
            InpainterFailed: codes inpainter_no_source; inpainter_crashed and inpainter_timeout,
                where another attempt may succeed.
        """
        return self.fill_variant(crop, mask, FillOptions(), checkpoint=checkpoint)

    def fill_variant(
        self,
        crop: NDArray[np.uint8],
        mask: NDArray[np.uint8],
        options: FillOptions,
        *,
        checkpoint: Checkpoint,
    ) -> NDArray[np.uint8]:
        """See `SelectiveInpainter.fill_variant`; it raises what `fill` raises."""
        hole = to_hole(crop, mask)
        scenes = Crop(crop, hole, options)
        side = QUICK_SIDE if options.quick else WORKING_SIDE
        require_source(hole | scenes.unusable)
        if not scenes.has_source(side):
            raise build_no_source_error()
        start = scale_checkpoint(checkpoint, 0, CHILD_SHARE)
        fill, scene = choose_fill(scenes, side, start)
        if fill.shape == crop.shape:
            return fill
        rest = scale_checkpoint(checkpoint, CHILD_SHARE, 1)
        return detail.enlarge_fill(crop, hole, fill, scene.hole, rest, blocked=scene.blocked)
