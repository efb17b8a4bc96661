"""How fast a form of the network is on this machine, found out in a process of its own.

So that a runtime which is not chosen leaves nothing behind in the worker:
`python -m vision.inpainters.hifill_network.trial FORM FILE` prints the seconds of one run.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from vision.inpainters.hifill_network.forms import FORMS, open_form
from vision.inpainters.hifill_network.proof import trial_inputs

RUNS = 5
MOST_SECONDS = 30.0
"""So that a worker that tries all forms is ready before it is given up (two minutes)."""
PATH_ROOT = Path(__file__).resolve().parents[3]


def seconds_of(name: str, path: Path) -> float | None:
    """The seconds of one warm run of a form; None where it does not run here.

    One that is not through after `MOST_SECONDS`, as on a busy machine, counts as that slow.

    Args:
        name: the form's.
        path: its file.
    """
    command = [sys.executable, "-P", "-m", __name__, name, str(path)]
    try:
        told = subprocess.run(
            command,
            env=os.environ | {"PYTHONPATH": str(PATH_ROOT)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=MOST_SECONDS,
            check=True,
        )
        return float(told.stdout.split()[-1])
    except subprocess.TimeoutExpired:
        return MOST_SECONDS
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return None


def _measure(name: str, path: Path) -> float:
    """The fastest of a few runs after a first one: whatever else runs here can only slow it."""
    network = open_form(FORMS[name], path)
    picture, hole = trial_inputs()[0]
    taken = []
    for _ in range(1 + RUNS):
        start = time.perf_counter()
        network.run(picture, hole)
        taken.append(time.perf_counter() - start)
    return min(taken[1:])


if __name__ == "__main__":
    sys.stdout.write(f"{_measure(sys.argv[1], Path(sys.argv[2]))}\n")
