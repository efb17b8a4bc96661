"""Runs a Python module that ends when the process that started it ends, however that ended.

`python tether.py PARENT_PID MODULE ARGUMENTS...`
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Ask Linux for SIGTERM at the parent's death, then become the module."""
    parent = int(sys.argv[1])
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit("The process that started this has ended already")
    os.execv(sys.executable, [sys.executable, "-m", *sys.argv[2:]])  # noqa: S606


if __name__ == "__main__":
    main()
