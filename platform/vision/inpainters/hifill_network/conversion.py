"""Conversion of the released graph to the windowed ONNX model, which must pass the proof.

`python -m vision.inpainters.hifill_network.conversion GRAPH WORK_FOLDER FOLDER...` converts; if it
fails, it prints why.
"""

import logging
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from vision.errors import InpainterFailed
from vision.inpainters.hifill_network.contract import HOLE, OUTPUTS, PICTURE, WINDOW
from vision.inpainters.hifill_network.manifest import (
    MANIFEST,
    MODEL,
    RUNTIME,
    Manifest,
    read_version,
)
from vision.inpainters.hifill_network.onnx_network import MARGIN, OnnxNetwork
from vision.inpainters.hifill_network.proof import (
    Difference,
    Results,
    measure_difference,
    run_proof_inputs,
)
from vision.inpainters.hifill_network.rewriting.frozen_graph import FrozenGraph
from vision.inpainters.hifill_network.rewriting.patches import rewrite_patches
from vision.inpainters.hifill_network.rewriting.transfer import rewrite_transfers
from vision.inpainters.hifill_network.rewriting.window import cut_to_window
from vision.inpainters.hifill_network.tensorflow_network import (
    TensorFlowNetwork,
    import_tensorflow,
    read_definition,
)
from vision.weight_files import compute_sha256

OPSET = 18
CONVERSION_VERSION = "2"
"""Raise it when this package converts differently."""


class ModelRejected(Exception):
    """The ONNX model must not be used; the message says why."""


def convert(graph: Path, folders: Sequence[Path], work_folder: Path | None = None) -> Manifest:
    """Convert the graph to the ONNX model, and keep the model if it passes the proof.

    Nothing is done if the same versions of all packages have converted this graph before.

    Args:
        graph: the released graph.
        folders: where an earlier model may lie; a new one and its manifest go into the first.
        work_folder: a folder on the same disk for unfinished files; by default the first folder.

    Returns:
        The result, from now or from before.

    Raises:
        InpainterFailed: the graph itself does not run here; codes of `TensorFlowNetwork`.
        OSError: the folder can't be written to.
    """
    if earlier := find_conversion(graph, folders):
        return earlier
    expected = run_proof_inputs(TensorFlowNetwork(graph))
    for name in ("tensorflow", "tf2onnx", "absl"):
        logging.getLogger(name).setLevel(logging.ERROR)
    source, versions = compute_sha256(graph), _read_versions()
    with TemporaryDirectory(dir=work_folder or folders[0], prefix=".hifill.") as work:
        model = Path(work) / MODEL
        try:
            model.write_bytes(build_model(graph))
            difference = _prove_model(model, expected)
            manifest = Manifest(source, versions, compute_sha256(model), difference)
        except ModelRejected as error:
            manifest = Manifest(source, versions, reason=str(error))
        manifest.write(Path(work))
        _publish(manifest, Path(work), folders[0])
    return manifest


def find_conversion(graph: Path, folders: Sequence[Path]) -> Manifest | None:
    """Return the result of an earlier conversion of this graph by the same versions, or None."""
    source, versions = compute_sha256(graph), _read_versions()
    for folder in folders:
        manifest = Manifest.read(folder)
        if (
            manifest is not None
            and (manifest.source, manifest.versions) == (source, versions)
            and (manifest.reason or manifest.matches_model(folder))
        ):
            return manifest
    return None


def build_model(graph: Path) -> bytes:
    """Return the graph as a windowed ONNX model, not yet proven. Raise ModelRejected if it fails.

    A graph of another architecture may pass without an error and compute something else then, which
    is why the model needs a proof.
    """
    if not read_version(RUNTIME):
        raise ModelRejected("ONNX Runtime is not installed")
    tensorflow = import_tensorflow()
    try:
        import tf2onnx

        frozen = FrozenGraph(tensorflow, read_definition(tensorflow, graph))
        attention, margin = cut_to_window(frozen)
        rewrite_transfers(frozen, attention)
        rewrite_patches(frozen)
        model, _ = tf2onnx.convert.from_graph_def(
            frozen.extract_graph(OUTPUTS),
            input_names=[PICTURE, HOLE, WINDOW],
            output_names=list(OUTPUTS),
            opset=OPSET,
        )
    # An unknown operation, or a known one in an unknown place, can raise anything.
    except Exception as error:
        line = str(error).strip().partition("\n")[0] or type(error).__name__
        raise ModelRejected(f"it can't be converted ({line})") from error
    model.metadata_props.add(key=MARGIN, value=str(margin))
    return bytes(model.SerializeToString())


def _prove_model(model: Path, expected: list[Results]) -> Difference:
    """Return how much the model differs from the graph. Raise ModelRejected if it is too much."""
    try:
        difference = measure_difference(run_proof_inputs(OnnxNetwork(model)), expected)
    except InpainterFailed as error:
        raise ModelRejected(str(error)) from error
    if not difference.is_small:
        raise ModelRejected(f"it differs from the graph by {difference}")
    return difference


def _publish(manifest: Manifest, work: Path, folder: Path) -> None:
    """Move manifest and model into the folder under a lock, so that they always match.

    No two conversions write the same bytes, so one's manifest does not fit another's model.
    """
    with _lock_folder(folder):
        for name in (MODEL, MANIFEST) if manifest.model else (MANIFEST,):
            (work / name).chmod(0o644)
            (work / name).replace(folder / name)


@contextmanager
def _lock_folder(folder: Path) -> Iterator[None]:
    try:
        import fcntl
    except ImportError:  # Windows has no fcntl: there is no lock there.
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _read_versions() -> dict[str, str]:
    return {
        "conversion": CONVERSION_VERSION,
        "tensorflow": read_version("tensorflow", "tensorflow-cpu"),
        "tf2onnx": read_version("tf2onnx"),
        RUNTIME: read_version(RUNTIME),
    }


if __name__ == "__main__":
    try:
        convert(Path(sys.argv[1]), [Path(name) for name in sys.argv[3:]], Path(sys.argv[2]))
    except (InpainterFailed, OSError) as failure:
        sys.stdout.write(str(failure))
        sys.exit(1)
