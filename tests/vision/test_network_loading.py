"""Which form of HiFill's network runs, and how that is found out and remembered."""

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.vision.conftest import ConvertedNetwork
from vision.errors import InpainterFailed
from vision.inpainters.hifill_network import choice, loading, trial
from vision.inpainters.hifill_network.choice import NOTES, by_speed
from vision.inpainters.hifill_network.contract import Network
from vision.inpainters.hifill_network.forms import Form, open_form
from vision.inpainters.hifill_network.litert_network import LiteRtNetwork
from vision.inpainters.hifill_network.loading import load_network
from vision.inpainters.hifill_network.manifest import MANIFEST, Manifest, proven_forms
from vision.inpainters.hifill_network.onnx_network import OnnxNetwork
from vision.inpainters.hifill_network.tensorflow_network import TensorFlowNetwork
from vision.inpainters.hifill_network.trial import PATH_ROOT, seconds_of


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the forms that were tried out; ONNX is the fastest, LiteRT does not run."""
    seconds = {"onnx": 0.25, "litert": None, "tensorflow": 0.5}
    names: list[str] = []

    def took(name: str, _path: Path) -> float | None:
        names.append(name)
        return seconds[name]

    monkeypatch.setattr(choice, "seconds_of", took)
    return names


def test_proven_forms_may_run(converted: ConvertedNetwork, tmp_path: Path) -> None:
    expected = {
        "onnx": converted.folder / "hifill.onnx",
        "litert": converted.folder / "hifill.tflite",
    }
    assert proven_forms(converted.graph, [tmp_path, converted.folder]) == expected
    assert proven_forms(converted.graph, [tmp_path]) == {}


def test_a_damaged_form_is_not_used(converted: ConvertedNetwork, tmp_path: Path) -> None:
    graph = converted.copied_to(tmp_path)
    with (tmp_path / "hifill.onnx").open("ab") as stream:
        stream.write(b"!")
    assert proven_forms(graph, [tmp_path]).keys() == {"litert"}


def test_forms_of_another_graph_are_not_used(converted: ConvertedNetwork, tmp_path: Path) -> None:
    graph = converted.copied_to(tmp_path)
    graph.write_bytes(b"another")
    assert proven_forms(graph, [tmp_path]) == {}


def test_a_form_proven_in_another_version_is_not_used(
    converted: ConvertedNetwork, tmp_path: Path
) -> None:
    graph = converted.copied_to(tmp_path)
    told = json.loads((tmp_path / MANIFEST).read_text())
    told["versions"]["litert"] = "0.1"
    (tmp_path / MANIFEST).write_text(json.dumps(told))
    assert proven_forms(graph, [tmp_path]).keys() == {"onnx"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"source": 1, "kept": []}',
        '{"source": "", "versions": {}, "kept": {}, "aside": {"abacus": "slow"}}',
        "\x00",
    ],
)
def test_a_manifest_that_cannot_be_read_counts_as_none(
    converted: ConvertedNetwork, tmp_path: Path, text: str
) -> None:
    graph = converted.copied_to(tmp_path)
    (tmp_path / MANIFEST).write_text(text)
    assert Manifest.read(tmp_path) is None
    assert proven_forms(graph, [tmp_path]) == {}


def test_the_fastest_is_remembered(
    converted: ConvertedNetwork, tmp_path: Path, tried: list[str]
) -> None:
    forms = proven_forms(converted.graph, [converted.folder]) | {"tensorflow": converted.graph}
    assert by_speed(forms, tmp_path) == ["onnx", "tensorflow"]
    assert tried == ["onnx", "litert", "tensorflow"]
    assert by_speed(forms, tmp_path) == ["onnx", "tensorflow"]
    assert len(tried) == 3
    (machine,) = json.loads((tmp_path / NOTES).read_text())
    assert "processors" in machine


def test_another_machine_tries_anew(
    converted: ConvertedNetwork,
    tmp_path: Path,
    tried: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    forms = {"tensorflow": converted.graph}
    by_speed(forms, tmp_path)
    monkeypatch.setattr(choice, "usable_processors", lambda: 64)
    by_speed(forms, tmp_path)
    facts = tmp_path / "cpuinfo"
    facts.write_text("processor : 0\nmodel name : Abacus 9\n")
    monkeypatch.setattr(choice, "CPU_FACTS", facts)
    by_speed(forms, tmp_path)
    monkeypatch.setattr(Form, "version", lambda _form: "99")
    by_speed(forms, tmp_path)
    assert len(tried) == 4
    notes = json.loads((tmp_path / NOTES).read_text())
    assert len(notes) == 4
    assert any(machine.startswith("Abacus 9, 64 processors, ") for machine in notes)


@pytest.mark.parametrize("text", ["", "[]", "{", "\x00"])
def test_damaged_notes_are_written_anew(
    converted: ConvertedNetwork, tmp_path: Path, tried: list[str], text: str
) -> None:
    (tmp_path / NOTES).write_text(text)
    assert by_speed({"onnx": converted.graph}, tmp_path) == ["onnx"]
    assert by_speed({"onnx": converted.graph}, tmp_path) == ["onnx"]
    assert tried == ["onnx"]


def test_notes_of_another_form_are_not_believed(
    converted: ConvertedNetwork, tmp_path: Path, tried: list[str]
) -> None:
    by_speed({"onnx": converted.graph}, tmp_path)
    notes = json.loads((tmp_path / NOTES).read_text())
    (tmp_path / NOTES).write_text(json.dumps({machine: {"abacus": 0.1} for machine in notes}))
    assert by_speed({"onnx": converted.graph}, tmp_path) == ["onnx"]
    assert tried == ["onnx", "onnx"]


def test_where_nothing_can_be_kept_nothing_is_tried(
    converted: ConvertedNetwork, tmp_path: Path, tried: list[str]
) -> None:
    (tmp_path / "file").touch()
    forms = {"onnx": converted.graph, "tensorflow": converted.graph}
    assert by_speed(forms, tmp_path / "file" / "folder") == ["onnx", "tensorflow"]
    assert tried == []


def test_one_tries_while_others_wait(
    converted: ConvertedNetwork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    def took(name: str, _path: Path) -> float:
        tried.append(name)
        # Long enough for the other to come.
        time.sleep(0.3)
        return 0.25

    monkeypatch.setattr(choice, "seconds_of", took)
    with ThreadPoolExecutor() as pool:
        forms = {"onnx": converted.graph}
        both = [pool.submit(by_speed, forms, tmp_path) for _worker in range(2)]
    assert [one.result() for one in both] == [["onnx"], ["onnx"]]
    assert tried == ["onnx"]


def test_forms_are_tried_in_a_process_of_their_own(converted: ConvertedNetwork) -> None:
    taken = seconds_of("onnx", converted.folder / "hifill.onnx")
    assert taken is not None
    assert taken > 0
    assert seconds_of("onnx", converted.graph) is None


def test_what_takes_long_to_try_is_the_slowest_but_runs(
    converted: ConvertedNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial, "MOST_SECONDS", 0.01)
    assert seconds_of("onnx", converted.folder / "hifill.onnx") == 0.01


def test_the_fastest_runs(converted: ConvertedNetwork, tmp_path: Path, tried: list[str]) -> None:
    network = load_network(converted.graph, [tmp_path, converted.folder])
    assert isinstance(network, OnnxNetwork)
    assert tried


def test_without_forms_tensorflow_runs(
    converted: ConvertedNetwork, tmp_path: Path, tried: list[str]
) -> None:
    assert isinstance(load_network(converted.graph, [tmp_path]), TensorFlowNetwork)
    assert tried == []


def test_a_form_that_does_not_open_gives_way_to_the_next(
    converted: ConvertedNetwork,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def opened(form: Form, path: Path) -> Network:
        if form.name == "onnx":
            raise InpainterFailed("out of order", code="inpainter_bad_graph")
        return open_form(form, path)

    monkeypatch.setattr(loading, "open_form", opened)
    monkeypatch.setattr(loading, "by_speed", lambda *_given: ["onnx", "litert", "tensorflow"])
    network = load_network(converted.graph, [tmp_path, converted.folder])
    assert isinstance(network, LiteRtNetwork)
    assert "HiFill does without ONNX Runtime: out of order" in caplog.text


def test_where_tensorflow_is_not_installed_it_is_not_tried(
    converted: ConvertedNetwork, tmp_path: Path, tried: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "find_spec", lambda _name: None)
    load_network(converted.graph, [tmp_path, converted.folder])
    assert "tensorflow" not in tried


def test_a_worker_that_runs_onnx_never_imports_tensorflow(
    converted: ConvertedNetwork, tmp_path: Path, tried: list[str]
) -> None:
    load_network(converted.graph, [tmp_path, converted.folder])
    assert tried
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "import numpy as np\n"
        "from vision.inpainters.hifill import HiFillInpainter\n"
        "from vision.progress import unwatched\n"
        f"graph, notes = Path({str(converted.graph)!r}), Path({str(tmp_path)!r})\n"
        "inpainter = HiFillInpainter(graph, [notes, graph.parent])\n"
        "picture = np.full((64, 64, 3), 60, dtype=np.uint8)\n"
        "mask = np.zeros((64, 64), dtype=np.uint8)\n"
        "mask[20:40, 20:40] = 255\n"
        "inpainter.fill(picture, mask, checkpoint=unwatched)\n"
        "assert 'onnxruntime' in sys.modules\n"
        "assert not {'tensorflow', 'tf2onnx', 'onnx'} & set(sys.modules)\n"
    )
    subprocess.run(
        [sys.executable, "-P", "-c", code],
        env=os.environ | {"PYTHONPATH": str(PATH_ROOT)},
        check=True,
    )
