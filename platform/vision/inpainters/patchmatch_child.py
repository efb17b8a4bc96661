"""PatchMatch in its own process, so that the parent can stop it at any moment.

Arguments: the parent's process id, height, width, patch radius, seed. Standard input: the picture
as height*width*3 bytes of RGB, then the hole as height*width bytes, 0 = keep. Standard output: the
filled picture. Standard error: the native library's progress log.
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
    _end_with_parent(parent)
    import patchmatch

    data = np.frombuffer(sys.stdin.buffer.read(), dtype=np.uint8)
    picture, hole = np.split(data, [height * width * 3])
    patchmatch.set_random_seed(seed)
    patchmatch.set_verbose(True)
    result = patchmatch.inpaint(
        picture.reshape(height, width, 3),
        hole.reshape(height, width),
        patch_size=patch_radius,
    )
    sys.stdout.buffer.write(result.tobytes())


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
