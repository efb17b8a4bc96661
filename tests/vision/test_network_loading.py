"""The choice of HiFill's network: the proven ONNX model, or else TensorFlow."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.vision.conftest import ConvertedNetwork
from vision.inpainters.hifill_network.loading import load_network
from vision.inpainters.hifill_network.manifest import MANIFEST, MODEL, Manifest, find_proven_model
from vision.inpainters.hifill_network.onnx_network import OnnxNetwork
from vision.inpainters.hifill_network.preparing import PATH_ROOT
from vision.inpainters.hifill_network.tensorflow_network import TensorFlowNetwork


def test_a_proven_model_may_run(converted_network: ConvertedNetwork, tmp_path: Path) -> None:
    folders = [tmp_path, converted_network.folder]
    assert find_proven_model(converted_network.graph, folders) == converted_network.folder / MODEL
    assert find_proven_model(converted_network.graph, [tmp_path]) is None


def test_a_damaged_model_is_not_used(converted_network: ConvertedNetwork, tmp_path: Path) -> None:
    graph = converted_network.copy_to(tmp_path)
    with (tmp_path / MODEL).open("ab") as stream:
        stream.write(b"!")
    assert find_proven_model(graph, [tmp_path]) is None
    assert isinstance(load_network(graph, [tmp_path]), TensorFlowNetwork)


def test_the_model_of_another_graph_is_not_used(
    converted_network: ConvertedNetwork, tmp_path: Path
) -> None:
    graph = converted_network.copy_to(tmp_path)
    graph.write_bytes(b"another")
    assert find_proven_model(graph, [tmp_path]) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"versions": {"onnxruntime": "0.1"}},
        {"versions": {}},
        {"model": "", "difference": None, "reason": "it differs"},
    ],
)
def test_a_model_that_is_not_proven_with_this_version_is_not_used(
    converted_network: ConvertedNetwork, tmp_path: Path, changes: dict[str, object]
) -> None:
    graph = converted_network.copy_to(tmp_path)
    content = json.loads((tmp_path / MANIFEST).read_text())
    (tmp_path / MANIFEST).write_text(json.dumps(content | changes))
    assert Manifest.read(tmp_path) is not None
    assert find_proven_model(graph, [tmp_path]) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"source": 1, "versions": []}',
        '{"source": "", "versions": {}, "model": "", "difference": "small", "reason": ""}',
        "\x00",
    ],
)
def test_a_manifest_that_cannot_be_read_counts_as_none(
    converted_network: ConvertedNetwork, tmp_path: Path, text: str
) -> None:
    graph = converted_network.copy_to(tmp_path)
    (tmp_path / MANIFEST).write_text(text)
    assert Manifest.read(tmp_path) is None
    assert find_proven_model(graph, [tmp_path]) is None


def test_the_proven_model_runs(converted_network: ConvertedNetwork, tmp_path: Path) -> None:
    network = load_network(converted_network.graph, [tmp_path, converted_network.folder])
    assert isinstance(network, OnnxNetwork)


def test_without_a_model_tensorflow_runs(
    converted_network: ConvertedNetwork, tmp_path: Path
) -> None:
    assert isinstance(load_network(converted_network.graph, [tmp_path]), TensorFlowNetwork)


def test_tensorflow_is_the_fallback_for_a_model_that_does_not_open(
    converted_network: ConvertedNetwork,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    # Another path, so that no session of an earlier test is reused.
    folder = converted_network.folder / ".." / converted_network.folder.name
    assert isinstance(load_network(converted_network.graph, [folder]), TensorFlowNetwork)
    assert "TensorFlow runs HiFill instead of ONNX Runtime: HiFill needs" in caplog.text


def test_a_worker_that_runs_onnx_never_imports_tensorflow(
    converted_network: ConvertedNetwork, tmp_path: Path
) -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "import numpy as np\n"
        "from vision.inpainters.hifill import HiFillInpainter\n"
        "from vision.progress import ignore_progress\n"
        f"graph, other = Path({str(converted_network.graph)!r}), Path({str(tmp_path)!r})\n"
        "inpainter = HiFillInpainter(graph, [other, graph.parent])\n"
        "picture = np.full((64, 64, 3), 60, dtype=np.uint8)\n"
        "mask = np.zeros((64, 64), dtype=np.uint8)\n"
        "mask[20:40, 20:40] = 255\n"
        "inpainter.fill(picture, mask, checkpoint=ignore_progress)\n"
        "assert 'onnxruntime' in sys.modules\n"
        "assert not {'tensorflow', 'tf2onnx', 'onnx'} & set(sys.modules)\n"
    )
    subprocess.run(
        [sys.executable, "-P", "-c", code],
        env=os.environ | {"PYTHONPATH": str(PATH_ROOT)},
        check=True,
    )
