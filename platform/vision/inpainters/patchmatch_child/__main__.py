"""PatchMatch in its own process, so that the parent can stop it at any moment.

Arguments: the parent's process id, the patch radius, the number of tasks. Standard input: the
tasks. Standard output: the filled pictures, each as an array [h,w,3] uint8 in NumPy's format.
Standard error: the native library's progress log, and a line after each task.
"""

import ctypes
import os
import signal
import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision.inpainters.patchmatch_child.guide import GUIDE_WEIGHT, build_guide
from vision.inpainters.patchmatch_child.tasks import FILL_DONE, Task

# From <linux/prctl.h>.
PR_SET_PDEATHSIG = 1


def main() -> None:
    """Fill the pictures one after the other."""
    parent, patch_radius, count = (int(argument) for argument in sys.argv[1:])
    _end_with_parent(parent)
    for _ in range(count):
        np.save(sys.stdout.buffer, _fill(Task.read_from(sys.stdin.buffer), patch_radius))
        sys.stderr.write(FILL_DONE)
        sys.stderr.flush()


def _fill(task: Task, patch_radius: int) -> NDArray[np.uint8]:
    """Return the filled picture."""
    import patchmatch

    patchmatch.set_random_seed(task.seed)
    patchmatch.set_verbose(True)
    options: dict[str, Any] = {
        "global_mask": task.blocked if task.blocked.any() else None,
        "patch_size": patch_radius,
    }
    if task.angle is None:
        return patchmatch.inpaint(task.picture, task.hole, **options)
    return patchmatch.inpaint_regularity(
        task.picture,
        task.hole,
        build_guide(task.hole.shape, task.angle),
        guide_weight=GUIDE_WEIGHT,
        **options,
    )


def _end_with_parent(parent: int) -> None:
    """Make Linux kill this process when its parent ends in any way; see prctl(2)."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    # The parent may have ended before the call.
    if os.getppid() != parent:
        sys.exit("the parent is gone")


if __name__ == "__main__":
    main()
