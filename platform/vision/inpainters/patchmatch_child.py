"""PatchMatch in a process of its own, so that the parent can stop it at any moment.

Arguments: the parent's process id, height, width, patch radius, seed. Standard input: the picture
as height*width*3 bytes of RGB, then the hole as height*width bytes, 0 = keep. Standard output: the
filled picture. Standard error: the native library's lines on its progress.
"""

import ctypes
import os
import signal
import sys

import numpy as np

# From <linux/prctl.h>.
PR_SET_PDEATHSIG = 1


def main() -> None:
    """Fill one picture."""
    parent, height, width, patch_radius, seed = (int(argument) for argument in sys.argv[1:])
    _end_with(parent)
    import patchmatch

    given = np.frombuffer(sys.stdin.buffer.read(), dtype=np.uint8)
    picture, hole = np.split(given, [height * width * 3])
    patchmatch.set_random_seed(seed)
    patchmatch.set_verbose(True)
    filled = patchmatch.inpaint(
        picture.reshape(height, width, 3),
        hole.reshape(height, width),
        patch_size=patch_radius,
    )
    sys.stdout.buffer.write(filled.tobytes())


def _end_with(parent: int) -> None:
    """Has Linux kill this process when its parent dies, however that dies; see prctl(2)."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    # It may have died before.
    if os.getppid() != parent:
        sys.exit("the parent is gone")


if __name__ == "__main__":
    main()
