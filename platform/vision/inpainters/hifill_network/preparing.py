"""The step of `weights fetch` that prepares HiFill's network, once the released graph is there."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from vision.errors import WeightsMissing
from vision.inpainters.hifill_network.manifest import MODEL
from vision.weights import HIFILL, ModelStore

MAX_SECONDS = 900.0
CONVERSION = "vision.inpainters.hifill_network.conversion"
PATH_ROOT = Path(__file__).resolve().parents[3]


def prepare_network(store: ModelStore) -> list[str]:
    """Convert the store's graph to the faster ONNX model, and return one line about the result.

    This takes a minute, with TensorFlow; nothing is done if it has been done before. Without the
    model TensorFlow runs the network.

    Args:
        store: holds the graph; the model goes into its folder.

    Returns:
        One line; no line if the store has no graph.
    """
    try:
        graph = store.get_path(HIFILL.name)
    except WeightsMissing:
        return []
    from vision.inpainters.hifill_network.conversion import find_conversion

    manifest = find_conversion(graph, store.folders)
    if manifest is None:
        error = _convert_in_child(graph, store.folders)
        manifest = find_conversion(graph, store.folders)
        if manifest is None:
            return [f"{HIFILL.name} was not converted: {error}"]
    if manifest.reason:
        return [f"{MODEL} is not used: {manifest.reason}"]
    return [f"{MODEL} computes what {HIFILL.name} computes, to {manifest.difference}"]


def _convert_in_child(graph: Path, folders: Sequence[Path]) -> str:
    """Convert in a child process, and return why that failed, if it did.

    TensorFlow and tf2onnx take over a gigabyte, which this process would keep until it ends; and if
    they crash, only the child ends.
    """
    try:
        # Created and deleted here, so that a killed child leaves no files.
        with TemporaryDirectory(dir=folders[0], prefix=".hifill.") as work_folder:
            paths = map(str, [graph, work_folder, *folders])
            done = subprocess.run(
                [sys.executable, "-P", "-m", CONVERSION, *paths],
                env=os.environ | {"PYTHONPATH": str(PATH_ROOT)},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=MAX_SECONDS,
                check=False,
            )
    except subprocess.TimeoutExpired:
        return f"it took longer than {MAX_SECONDS:.0f} s"
    except OSError as error:
        return str(error)
    if done.returncode < 0:
        return f"it was ended by signal {-done.returncode}"
    last_line = done.stderr.strip().rpartition("\n")[2]
    return done.stdout or last_line or f"it ended with status {done.returncode}"
