"""Each form of HiFill's network by itself, and the window of cells that ONNX is given."""

import sys
from pathlib import Path

import numpy as np
import pytest

from tests.vision.conftest import ConvertedNetwork
from vision.errors import InpainterFailed
from vision.inpainters.hifill_network.cell_window import CellWindow, window_around
from vision.inpainters.hifill_network.forms import FORMS, LITERT, ONNX, PLAIN, Form, open_form
from vision.inpainters.hifill_network.proof import trial_inputs

MODULES = {
    "tensorflow": "tensorflow",
    "onnx": "onnxruntime",
    "litert": "ai_edge_litert.interpreter",
}
everywhere = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)


@everywhere
def test_a_file_that_is_no_model_is_refused(tmp_path: Path, form: Form) -> None:
    path = tmp_path / "model"
    path.write_bytes(b"not a model")
    with pytest.raises(InpainterFailed) as caught:
        open_form(form, path)
    assert caught.value.code == "inpainter_bad_graph"


@everywhere
def test_a_runtime_that_does_not_load_is_named(
    tmp_path: Path, form: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, MODULES[form.name], None)
    with pytest.raises(InpainterFailed, match=f"HiFill needs {form.title}") as caught:
        open_form(form, tmp_path / form.name)
    assert caught.value.code == "inpainter_unavailable"


@everywhere
def test_a_picture_of_another_size_is_refused(converted: ConvertedNetwork, form: Form) -> None:
    network = open_form(form, converted.folder / (form.file or converted.graph.name))
    picture, hole = trial_inputs()[0]
    with pytest.raises(InpainterFailed):
        network.run(picture[:256, :256], hole[:256, :256])
    painted, attention = network.run(picture, hole)
    assert (painted.shape, attention.shape) == ((512, 512, 3), (1024, 1024))
    assert {painted.dtype, attention.dtype} == {np.dtype(np.float32)}
    assert painted.min() >= 0
    assert painted.max() <= 255


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
def test_window_around(rows: slice, columns: slice, margin: int, expected: CellWindow) -> None:
    hole = np.zeros((512, 512), dtype=np.bool_)
    hole[rows, columns] = True
    window = window_around(hole, margin)
    assert window == expected
    assert list(window.as_input) == [window.top, window.left, window.height, window.width]
    assert hole[window.slices].sum() == hole.sum()


def test_versions_are_those_of_the_packages() -> None:
    assert all(form.version()[0].isdigit() for form in (PLAIN, ONNX, LITERT))
    assert Form("abacus", "Abacus", None, ("no-such-package",)).version() == ""
