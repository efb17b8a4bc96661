"""HiFill's network converted for real: what is kept, what steps aside, and what is said of it."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.frozen_graph import store_around, store_with_hifill, write_frozen_graph
from tests.vision.conftest import ConvertedNetwork
from vision.inpainters.hifill_network import conversion, preparing
from vision.inpainters.hifill_network.cell_window import window_around
from vision.inpainters.hifill_network.contract import SIDE
from vision.inpainters.hifill_network.conversion import convert
from vision.inpainters.hifill_network.forms import CONVERTED, FORMS, ONNX, PLAIN, Form, open_form
from vision.inpainters.hifill_network.manifest import Manifest, proven_forms
from vision.inpainters.hifill_network.onnx_network import OnnxNetwork
from vision.inpainters.hifill_network.preparing import prepare_forms
from vision.inpainters.hifill_network.proof import difference, outputs_of, trial_inputs
from vision.inpainters.hifill_network.rewriting import rewrite
from vision.inpainters.hifill_network.rewriting.rewrite import (
    AS_RELEASED,
    REWRITTEN,
    WINDOWED,
    Variant,
    variants,
)
from vision.inpainters.hifill_network.tensorflow_network import definition_in, imported
from vision.weight_files import sha256_of
from vision.weights import HIFILL, ModelStore

EXACTLY = "gives what hifill.pb gives, to 0.000 grey levels, 0 in the attention"
Makers = dict[str, Callable[[], Variant]]


def test_both_forms_reproduce_the_graph(converted: ConvertedNetwork) -> None:
    assert converted.manifest.aside == {}
    assert converted.manifest.kept.keys() == {form.name for form in CONVERTED}
    expected = outputs_of(open_form(PLAIN, converted.graph))
    for name, form in converted.manifest.kept.items():
        path = converted.folder / str(FORMS[name].file)
        assert sha256_of(path) == form.sha256
        found = difference(outputs_of(open_form(FORMS[name], path)), expected)
        assert found.painted == pytest.approx(form.difference.painted, abs=0.01)
        assert found.painted <= 0.01
        assert found.attention <= 1e-4


def test_a_trial_tells_pictures_apart(converted: ConvertedNetwork) -> None:
    outputs = outputs_of(open_form(PLAIN, converted.graph))
    painted = [picture for picture, _ in outputs]
    assert all(np.ptp(picture) > 50 for picture in painted)
    assert not difference(outputs[::-1], outputs).is_small


def test_the_manifest_says_what_was_found(converted: ConvertedNetwork) -> None:
    assert Manifest.read(converted.folder) == converted.manifest
    assert converted.manifest.source == sha256_of(converted.graph)
    assert converted.manifest.versions["onnx"] == ONNX.version() != ""
    left = {path.name for path in converted.folder.iterdir()}
    assert left == {HIFILL.name, "hifill.onnx", "hifill.tflite", "hifill_forms.json"}


def test_what_is_done_is_not_done_again(
    converted: ConvertedNetwork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object) -> None:
        raise AssertionError("it is done already")

    monkeypatch.setattr(conversion, "open_form", refuse)
    assert convert(converted.graph, [tmp_path, converted.folder]) == converted.manifest
    monkeypatch.setattr(conversion, "OWN_VERSION", "another")
    with pytest.raises(AssertionError, match="done already"):
        convert(converted.graph, [tmp_path, converted.folder])


def test_onnx_paints_the_window_around_the_hole_alone(converted: ConvertedNetwork) -> None:
    network = OnnxNetwork(converted.folder / "hifill.onnx")
    assert network._margin is not None
    picture, hole = trial_inputs()[-1]
    rows, columns = window_around(hole, network._margin).slices
    assert columns.start > SIDE // 4
    painted, _ = network.run(picture, hole)
    painted[rows, columns] = picture[rows, columns]
    assert (painted == picture).all()


def test_the_margin_is_needed(converted: ConvertedNetwork) -> None:
    network = OnnxNetwork(converted.folder / "hifill.onnx")
    network._margin = 0
    expected = outputs_of(open_form(PLAIN, converted.graph))
    assert difference(outputs_of(network), expected).painted > 1


def test_the_least_work_comes_first_and_the_graph_itself_last(
    converted: ConvertedNetwork, tmp_path: Path
) -> None:
    tensorflow = imported()
    like_hifill = definition_in(tensorflow, converted.graph)
    made = {name: make() for name, make in variants(tensorflow, like_hifill).items()}
    assert list(made) == [WINDOWED, REWRITTEN, AS_RELEASED]
    assert made[WINDOWED].margin is not None
    assert made[REWRITTEN].margin is made[AS_RELEASED].margin is None
    assert made[AS_RELEASED].definition == like_hifill
    kept = {name: form.variant for name, form in converted.manifest.kept.items()}
    assert kept == {"onnx": WINDOWED, "litert": REWRITTEN}


def test_where_rewriting_fails_the_graph_itself_is_converted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_given: object) -> None:
        raise IndexError("a graph of another make")

    monkeypatch.setattr(rewrite, "FrozenGraph", fails)
    manifest = convert(write_frozen_graph(tmp_path / HIFILL.name), [tmp_path])
    assert {form.variant for form in manifest.kept.values()} == {AS_RELEASED}


def test_a_form_that_differs_steps_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    graph = write_frozen_graph(tmp_path / HIFILL.name)
    none = np.zeros((1024, 1024), dtype=np.float32)
    other = definition_in(imported(), write_frozen_graph(tmp_path / "other.pb", attention=none))
    ours = definition_in(imported(), graph)

    def first_another(form: Form, *_given: object) -> Makers:
        makers: Makers = {"another": lambda: Variant(other)}
        return makers | {"ours": lambda: Variant(ours)} if form is ONNX else makers

    monkeypatch.setattr(conversion, "variants_for", first_another)
    manifest = convert(graph, [tmp_path])
    assert {name: form.variant for name, form in manifest.kept.items()} == {"onnx": "ours"}
    why = "it differs from the graph by 0.000 grey levels, 1 in the attention"
    assert manifest.aside == {"litert": why}
    assert not (tmp_path / "hifill.tflite").exists()


def test_what_a_converter_does_not_know_steps_aside(
    converted: ConvertedNetwork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def not_rewritten(_form: Form, _tensorflow: object, definition: Any) -> Makers:
        return {AS_RELEASED: lambda: Variant(definition)}

    monkeypatch.setattr(conversion, "variants_for", not_rewritten)
    manifest = convert(converted.graph, [tmp_path])
    assert manifest.kept.keys() == {"onnx"}
    assert "ExtractImagePatches" in manifest.aside["litert"]


def test_a_runtime_that_is_not_installed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Form, "version", lambda form: "" if form is not PLAIN else "2")
    graph = write_frozen_graph(tmp_path / HIFILL.name)
    assert convert(graph, [tmp_path]).aside == {
        "onnx": "ONNX Runtime is not installed",
        "litert": "LiteRT is not installed",
    }


def test_preparing_says_what_came_of_it(tmp_path: Path) -> None:
    store = store_with_hifill(tmp_path)
    assert prepare_forms(store) == [
        f"hifill.onnx, rewritten: {EXACTLY}",
        f"hifill.tflite, rewritten: {EXACTLY}",
    ]
    assert json.loads((tmp_path / "hifill_forms.json").read_text())["aside"] == {}


def test_without_the_graph_there_is_nothing_to_prepare(tmp_path: Path) -> None:
    assert prepare_forms(ModelStore(tmp_path)) == []


def test_converting_is_a_process_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object) -> None:
        raise AssertionError("not in a process that goes on running")

    store = store_with_hifill(tmp_path)
    monkeypatch.setattr(conversion, "imported", refuse)
    monkeypatch.setattr(conversion, "open_form", refuse)
    assert len(prepare_forms(store)) == 2
    assert proven_forms(tmp_path / HIFILL.name, [tmp_path]).keys() == {"onnx", "litert"}


def test_why_nothing_was_converted_is_said(tmp_path: Path) -> None:
    (tmp_path / HIFILL.name).write_bytes(b"no graph at all")
    (line,) = prepare_forms(store_around(tmp_path / HIFILL.name))
    assert line.startswith("hifill.pb was not converted: HiFill's network can't be used: hifill.pb")


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ('touch "$5/left"; kill -9 $$', "it was ended by signal 9"),
        ("echo one >&2; echo two >&2; exit 1", "two"),
        ("exit 3", "it ended with status 3"),
        ("exec sleep 60", "it took longer than 1 s"),
    ],
)
def test_a_crash_of_the_converters_is_said_and_ends_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, reason: str
) -> None:
    (tmp_path / HIFILL.name).write_bytes(b"a graph")
    converter = tmp_path / "converter"
    converter.write_text(f"#!/bin/sh\n{script}\n")
    converter.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(converter))
    monkeypatch.setattr(preparing, "MOST_SECONDS", 1.0)
    lines = prepare_forms(store_around(tmp_path / HIFILL.name))
    assert lines == [f"hifill.pb was not converted: {reason}"]
    assert list(tmp_path.glob(".hifill.*")) == []


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    (tmp_path / HIFILL.name).write_bytes(b"a graph")
    beside = store_around(tmp_path / HIFILL.name)
    store = ModelStore(tmp_path / "none", tmp_path, weights=tuple(beside.weights.values()))
    (line,) = prepare_forms(store)
    assert line.startswith("hifill.pb was not converted: [Errno 2]")


def test_proven_forms_stay_until_all_new_ones_are_there(
    converted: ConvertedNetwork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = converted.copied_to(tmp_path)
    meanwhile: list[set[str]] = []

    def looked(form: Form, _tensorflow: object, definition: Any) -> Makers:
        meanwhile.append(set(proven_forms(graph, [tmp_path])))
        return {AS_RELEASED: lambda: Variant(definition)} if form is ONNX else {}

    monkeypatch.setattr(conversion, "OWN_VERSION", "another")
    monkeypatch.setattr(conversion, "variants_for", looked)
    convert(graph, [tmp_path])
    assert meanwhile == [{"onnx", "litert"}, {"onnx", "litert"}]
    assert set(proven_forms(graph, [tmp_path])) == {"onnx"}
