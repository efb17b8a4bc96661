"""PatchMatch in a process of its own, so that the parent can stop it at any moment.

Arguments: height, width, patch radius, seed. Standard input: the picture as height*width*3 bytes of
RGB, then the hole as height*width bytes, 0 = keep. Standard output: the filled picture. Standard
error: the native library's lines on its progress.
"""

import sys

import numpy as np


def main() -> None:
    """Fill one picture."""
    import patchmatch

    height, width, patch_radius, seed = (int(argument) for argument in sys.argv[1:])
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


if __name__ == "__main__":
    main()
