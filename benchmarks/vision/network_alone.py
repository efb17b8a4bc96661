"""Measures one form of HiFill's network in a process of its own, so that its peak is its own.

`python -m benchmarks.vision.network_alone FORM FILE` prints JSON; FORM is one of `FORMS`, or
`chosen` for what a worker loads of a graph with its converted forms beside it.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.peaks import own_peak
from benchmarks.vision.files import ROOT
from vision.inpainters.hifill_network.contract import SIDE, Network
from vision.inpainters.hifill_network.forms import FORMS, open_form
from vision.inpainters.hifill_network.loading import load_network

CHOSEN = "chosen"
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "2"}
SHARES = (0.05, 0.2)
RUNS = 5


@dataclass(frozen=True)
class Measured:
    """What one process told.

    Attributes:
        ready: seconds of loading, the runtime's import included.
        first: of the first run.
        fastest: of the later runs, one for each of SHARES.
        peak_bytes: the most memory that the process held.
    """

    ready: float
    first: float
    fastest: list[float]
    peak_bytes: int


def measure(form: str, path: Path, settings: Mapping[str, str]) -> Measured:
    """What a fresh process measures.

    Args:
        form: the form's name, or CHOSEN.
        path: the form's file, or the graph.
        settings: further environment variables.
    """
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.vision.network_alone", form, str(path)],
        cwd=ROOT,
        env=os.environ | QUIET | {"PYTHONPATH": os.pathsep.join(sys.path)} | dict(settings),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def main(form: str, file: str) -> None:
    """Measure and print."""
    path = Path(file)
    start = time.perf_counter()
    network = load_network(path, [path.parent]) if form == CHOSEN else open_form(FORMS[form], path)
    ready = time.perf_counter() - start
    first = _seconds(network, SHARES[0])
    fastest = [min(_seconds(network, share) for _run in range(RUNS)) for share in SHARES]
    print(json.dumps(asdict(Measured(ready, first, fastest, own_peak()))))


def _seconds(network: Network, share: float) -> float:
    random = np.random.default_rng(0)
    picture = random.uniform(0, 255, (SIDE, SIDE, 3)).astype(np.float32)
    start = time.perf_counter()
    network.run(picture, _square(share))
    return time.perf_counter() - start


def _square(share: float) -> NDArray[np.bool_]:
    """A hole in the middle, this share of the picture."""
    hole = np.zeros((SIDE, SIDE), np.bool_)
    side = round(SIDE * share**0.5)
    start = (SIDE - side) // 2
    hole[start : start + side, start : start + side] = True
    return hole


if __name__ == "__main__":
    main(*sys.argv[1:])
