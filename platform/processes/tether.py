"""Runs a Python module that ends when its parent process ends, for whatever reason.

`python tether.py PARENT_PID MODULE ARGUMENTS...`
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Request SIGTERM from Linux for the parent's death, then run the module in this process."""
    parent = int(sys.argv[1])
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit("The parent process has already ended")
    os.execv(sys.executable, [sys.executable, "-m", *sys.argv[2:]])  # noqa: S606


if __name__ == "__main__":
    main()
