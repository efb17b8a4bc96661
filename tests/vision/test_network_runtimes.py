"""HiFill's network in each runtime, and the window of cells for ONNX Runtime."""

import sys
from pathlib import Path

import numpy as np
import pytest

from tests.vision.conftest import ConvertedNetwork
from vision.errors import InpainterFailed
from vision.inpainters.hifill_network.manifest import MODEL, read_version
from vision.inpainters.hifill_network.onnx_network import CellWindow, OnnxNetwork, find_window
from vision.inpainters.hifill_network.proof import build_proof_inputs
from vision.inpainters.hifill_network.tensorflow_network import TensorFlowNetwork
from vision.weights import HIFILL

NetworkType = type[OnnxNetwork] | type[TensorFlowNetwork]
each_network = pytest.mark.parametrize("network_type", [OnnxNetwork, TensorFlowNetwork])


@each_network
def test_a_file_that_is_no_model_is_refused(tmp_path: Path, network_type: NetworkType) -> None:
    path = tmp_path / "model"
    path.write_bytes(b"not a model")
    with pytest.raises(InpainterFailed) as caught:
        network_type(path)
    assert caught.value.code == "inpainter_bad_graph"


@pytest.mark.parametrize(
    ("network_type", "module", "title"),
    [
        (OnnxNetwork, "onnxruntime", "ONNX Runtime"),
        (TensorFlowNetwork, "tensorflow", "TensorFlow"),
    ],
)
def test_a_runtime_that_does_not_load_is_named(
    tmp_path: Path,
    network_type: NetworkType,
    module: str,
    title: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(InpainterFailed, match=f"HiFill needs {title}") as caught:
        network_type(tmp_path / "model")
    assert caught.value.code == "inpainter_unavailable"


@pytest.mark.parametrize(
    ("network_type", "file"), [(OnnxNetwork, MODEL), (TensorFlowNetwork, HIFILL.name)]
)
def test_a_picture_of_another_size_is_refused(
    converted_network: ConvertedNetwork, network_type: NetworkType, file: str
) -> None:
    network = network_type(converted_network.folder / file)
    picture, hole = build_proof_inputs()[0]
    with pytest.raises(InpainterFailed):
        network.run(picture[:256, :256], hole[:256, :256])
    pixels, attention = network.run(picture, hole)
    assert (pixels.shape, attention.shape) == ((512, 512, 3), (1024, 1024))
    assert {pixels.dtype, attention.dtype} == {np.dtype(np.float32)}
    assert pixels.min() >= 0
    assert pixels.max() <= 255


@pytest.mark.parametrize(
    ("rows", "columns", "margin", "expected"),
    [
        (slice(160, 176), slice(320, 336), 0, CellWindow(10, 20, 1, 1)),
        (slice(160, 177), slice(319, 336), 0, CellWindow(10, 19, 2, 2)),
        (slice(160, 176), slice(320, 336), 3, CellWindow(7, 17, 7, 7)),
        (slice(0, 1), slice(511, 512), 2, CellWindow(0, 29, 3, 3)),
        (slice(0, 512), slice(0, 512), 5, CellWindow(0, 0, 32, 32)),
        (slice(0, 0), slice(0, 0), 1, CellWindow(0, 0, 32, 32)),
    ],
)
def test_the_window_covers_the_hole_with_its_margin(
    rows: slice, columns: slice, margin: int, expected: CellWindow
) -> None:
    hole = np.zeros((512, 512), dtype=np.bool_)
    hole[rows, columns] = True
    window = find_window(hole, margin)
    assert window == expected
    assert list(window.as_input) == [window.top, window.left, window.height, window.width]
    assert hole[window.slices].sum() == hole.sum()


def test_versions_are_those_of_the_packages() -> None:
    assert read_version("no-such-package", "onnxruntime")[0].isdigit()
    assert read_version("no-such-package") == ""
