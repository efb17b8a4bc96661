"""HiFill's network by itself: seconds a run, seconds to load, and memory.

`python -m benchmarks.vision.network FILE` measures one file, `hifill.pb` or `hifill.onnx`, and
prints JSON. Each measurement has a process of its own, so that its peak memory is its own.
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

from benchmarks.peaks import read_own_peak
from benchmarks.vision.files import ROOT
from vision.inpainters.hifill_network.contract import SIDE, Network
from vision.inpainters.hifill_network.manifest import MODEL
from vision.inpainters.hifill_network.onnx_network import OnnxNetwork
from vision.inpainters.hifill_network.tensorflow_network import TensorFlowNetwork
from vision.weights import HIFILL

MIB = 2**20
SHARES = (0.05, 0.2)
RUNS = 5
ABOUT = f"""A graph of the real architecture's size with random weights; square holes in the middle,
as a share of the network's picture. The fastest of {RUNS} runs, a process for each line; "ready" is
from the runtime's import to the loaded network. The windowed model computes what follows the
attention only in the cells around the hole, extracts patches as slices, and transfers features with
a quarter of the multiplications. Targets: ≤ 0.35 s a run, ready in < 1 s."""


@dataclass(frozen=True)
class Measurement:
    """The result of one process.

    Attributes:
        ready: seconds of loading, the runtime's import included.
        first: seconds of the first run.
        fastest: seconds of the fastest later run, one for each of SHARES.
        peak_bytes: the most memory that the process used.
    """

    ready: float
    first: float
    fastest: list[float]
    peak_bytes: int


def measure(folder: Path) -> str:
    """Measure the graph and its ONNX model in this folder, and return the section's text."""
    lines: list[tuple[str, str, dict[str, str]]] = [
        ("TensorFlow without oneDNN", HIFILL.name, {"TF_ENABLE_ONEDNN_OPTS": "0"}),
        ("TensorFlow with oneDNN", HIFILL.name, {"TF_ENABLE_ONEDNN_OPTS": "1"}),
        ("ONNX Runtime, windowed", MODEL, {}),
    ]
    shares = (f"hole {share:.0%}" for share in SHARES)
    head = ["network", *shares, "ready", "first run", "peak memory"]
    rows = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for title, file, settings in lines:
        one = measure_file(folder / file, settings)
        seconds = [f"{value:.3f} s" for value in (*one.fastest, one.ready, one.first)]
        rows.append(f"| {' | '.join([title, *seconds])} | {one.peak_bytes / MIB:.0f} MiB |")
        print(rows[-1], flush=True)
    return "\n".join([ABOUT, "", *rows])


def measure_file(path: Path, settings: Mapping[str, str]) -> Measurement:
    """Measure one file in a new process, with further environment variables."""
    paths = {"TF_CPP_MIN_LOG_LEVEL": "2", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.vision.network", str(path)],
        cwd=ROOT,
        env=os.environ | paths | dict(settings),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return Measurement(**json.loads(done.stdout.splitlines()[-1]))


def main(file: str) -> None:
    """Measure and print."""
    path = Path(file)
    start = time.perf_counter()
    network = OnnxNetwork(path) if path.name == MODEL else TensorFlowNetwork(path)
    ready = time.perf_counter() - start
    first = _time_run(network, SHARES[0])
    fastest = [min(_time_run(network, share) for _run in range(RUNS)) for share in SHARES]
    print(json.dumps(asdict(Measurement(ready, first, fastest, read_own_peak()))))


def _time_run(network: Network, share: float) -> float:
    """Return the seconds of one run with a square hole of this share of the picture."""
    random = np.random.default_rng(0)
    picture = random.uniform(0, 255, (SIDE, SIDE, 3)).astype(np.float32)
    hole = np.zeros((SIDE, SIDE), np.bool_)
    side = round(SIDE * share**0.5)
    edge = (SIDE - side) // 2
    hole[edge : edge + side, edge : edge + side] = True
    start = time.perf_counter()
    network.run(picture, hole)
    return time.perf_counter() - start


if __name__ == "__main__":
    main(*sys.argv[1:])
