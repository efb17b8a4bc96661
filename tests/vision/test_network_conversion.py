"""Real conversions of HiFill's network: when the model is used, and what is reported."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks import hifill_graph
from tests.frozen_graph import build_store_around, write_frozen_graph
from tests.vision.conftest import ConvertedNetwork
from vision.inpainters.hifill_network import conversion, preparing
from vision.inpainters.hifill_network.contract import SIDE
from vision.inpainters.hifill_network.conversion import convert
from vision.inpainters.hifill_network.manifest import (
    MANIFEST,
    MODEL,
    RUNTIME,
    Manifest,
    find_proven_model,
    read_version,
)
from vision.inpainters.hifill_network.onnx_network import OnnxNetwork, find_window
from vision.inpainters.hifill_network.preparing import prepare_network
from vision.inpainters.hifill_network.proof import (
    build_proof_inputs,
    measure_difference,
    run_proof_inputs,
)
from vision.inpainters.hifill_network.tensorflow_network import TensorFlowNetwork
from vision.weight_files import compute_sha256
from vision.weights import HIFILL, ModelStore


def test_the_model_computes_what_the_graph_computes(converted_network: ConvertedNetwork) -> None:
    assert converted_network.manifest.reason == ""
    path = converted_network.folder / MODEL
    assert compute_sha256(path) == converted_network.manifest.model
    expected = run_proof_inputs(TensorFlowNetwork(converted_network.graph))
    difference = measure_difference(run_proof_inputs(OnnxNetwork(path)), expected)
    assert converted_network.manifest.difference is not None
    assert difference.pixels == pytest.approx(
        converted_network.manifest.difference.pixels, abs=0.01
    )
    assert difference.pixels <= 0.01
    assert difference.attention <= 1e-4


def test_the_proof_distinguishes_its_pictures(converted_network: ConvertedNetwork) -> None:
    results = run_proof_inputs(TensorFlowNetwork(converted_network.graph))
    assert all(np.ptp(pixels) > 50 for pixels, _ in results)
    assert not measure_difference(results[::-1], results).is_small


def test_the_manifest_records_the_result(converted_network: ConvertedNetwork) -> None:
    assert Manifest.read(converted_network.folder) == converted_network.manifest
    assert converted_network.manifest.source == compute_sha256(converted_network.graph)
    assert converted_network.manifest.versions[RUNTIME] == read_version("onnxruntime") != ""
    names = {path.name for path in converted_network.folder.iterdir()}
    assert names == {HIFILL.name, "hifill.onnx", "hifill_onnx.json"}
    assert {path.stat().st_mode & 0o777 for path in converted_network.folder.glob("*onnx*")} == {
        0o644
    }


def test_a_conversion_is_not_repeated(
    converted_network: ConvertedNetwork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> None:
        raise AssertionError("it was converted before")

    monkeypatch.setattr(conversion, "TensorFlowNetwork", refuse)
    assert (
        convert(converted_network.graph, [tmp_path, converted_network.folder])
        == converted_network.manifest
    )
    monkeypatch.setattr(conversion, "CONVERSION_VERSION", "another")
    with pytest.raises(AssertionError, match="converted before"):
        convert(converted_network.graph, [tmp_path, converted_network.folder])


def test_only_the_window_around_the_hole_is_painted(converted_network: ConvertedNetwork) -> None:
    network = OnnxNetwork(converted_network.folder / MODEL)
    picture, hole = build_proof_inputs()[-1]
    rows, columns = find_window(hole, network._margin).slices
    assert columns.start > SIDE // 4
    result, _ = network.run(picture, hole)
    result[rows, columns] = picture[rows, columns]
    assert (result == picture).all()


def test_the_margin_is_needed(converted_network: ConvertedNetwork) -> None:
    network = OnnxNetwork(converted_network.folder / MODEL)
    network._margin = 0
    expected = run_proof_inputs(TensorFlowNetwork(converted_network.graph))
    assert measure_difference(run_proof_inputs(network), expected).pixels > 1


def test_a_model_that_differs_is_rejected(
    converted_network: ConvertedNetwork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = tmp_path / HIFILL.name
    hifill_graph.write(graph, seed=1, channels=2)
    model = (converted_network.folder / MODEL).read_bytes()
    monkeypatch.setattr(conversion, "build_model", lambda _graph: model)
    manifest = convert(graph, [tmp_path])
    assert manifest.reason.startswith("it differs from the graph by ")
    assert (manifest.model, manifest.difference) == ("", None)
    assert not (tmp_path / MODEL).exists()
    assert find_proven_model(graph, [tmp_path]) is None
    assert Manifest.read(tmp_path) == manifest == convert(graph, [tmp_path])


def test_a_model_that_can_not_be_opened_is_rejected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = write_frozen_graph(tmp_path / HIFILL.name)
    monkeypatch.setattr(conversion, "build_model", lambda _graph: b"no model")
    assert "ONNX Runtime can't open hifill.onnx" in convert(graph, [tmp_path]).reason


def test_a_graph_that_can_not_be_cut_to_a_window_is_rejected(tmp_path: Path) -> None:
    graph = write_frozen_graph(tmp_path / HIFILL.name)
    reason = "it can't be converted (inpainted (AddV2) can't be cut to a window)"
    assert convert(graph, [tmp_path]).reason == reason
    assert prepare_network(build_store_around(graph)) == [f"hifill.onnx is not used: {reason}"]


def test_any_error_of_the_converter_is_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise IndexError

    monkeypatch.setattr(conversion, "FrozenGraph", fail)
    graph = write_frozen_graph(tmp_path / HIFILL.name)
    assert convert(graph, [tmp_path]).reason == "it can't be converted (IndexError)"


def test_a_runtime_that_is_not_installed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversion, "read_version", lambda *_packages: "")
    graph = write_frozen_graph(tmp_path / HIFILL.name)
    assert convert(graph, [tmp_path]).reason == "ONNX Runtime is not installed"


def test_preparing_converts_in_a_child_process_and_reports_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> None:
        raise AssertionError("not in a process that goes on running")

    graph = tmp_path / HIFILL.name
    hifill_graph.write(graph, channels=2)
    monkeypatch.setattr(conversion, "import_tensorflow", refuse)
    monkeypatch.setattr(conversion, "TensorFlowNetwork", refuse)
    (line,) = prepare_network(build_store_around(graph))
    assert line.startswith("hifill.onnx computes what hifill.pb computes, to 0.00")
    assert json.loads((tmp_path / MANIFEST).read_text())["reason"] == ""
    assert find_proven_model(graph, [tmp_path]) == tmp_path / MODEL
    assert prepare_network(build_store_around(graph)) == [line]


def test_without_the_graph_there_is_nothing_to_prepare(tmp_path: Path) -> None:
    assert prepare_network(ModelStore(tmp_path)) == []


def test_the_reason_for_no_conversion_is_reported(tmp_path: Path) -> None:
    (tmp_path / HIFILL.name).write_bytes(b"no graph at all")
    (line,) = prepare_network(build_store_around(tmp_path / HIFILL.name))
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
def test_a_crash_of_the_converter_is_reported_and_ends_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, reason: str
) -> None:
    (tmp_path / HIFILL.name).write_bytes(b"a graph")
    converter = tmp_path / "converter"
    converter.write_text(f"#!/bin/sh\n{script}\n")
    converter.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(converter))
    monkeypatch.setattr(preparing, "MAX_SECONDS", 1.0)
    lines = prepare_network(build_store_around(tmp_path / HIFILL.name))
    assert lines == [f"hifill.pb was not converted: {reason}"]
    assert list(tmp_path.glob(".hifill.*")) == []


def test_a_missing_folder_is_reported(tmp_path: Path) -> None:
    (tmp_path / HIFILL.name).write_bytes(b"a graph")
    store_with_graph = build_store_around(tmp_path / HIFILL.name)
    store = ModelStore(
        tmp_path / "none", tmp_path, weights=tuple(store_with_graph.weights.values())
    )
    (line,) = prepare_network(store)
    assert line.startswith("hifill.pb was not converted: [Errno 2]")


def test_a_proven_model_stays_until_the_new_one_is_there(
    converted_network: ConvertedNetwork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = converted_network.copy_to(tmp_path)
    found_models: list[Path | None] = []
    build_model = conversion.build_model

    def look_and_build(graph: Path) -> bytes:
        found_models.append(find_proven_model(graph, [tmp_path]))
        return build_model(graph)

    monkeypatch.setattr(conversion, "CONVERSION_VERSION", "another")
    monkeypatch.setattr(conversion, "build_model", look_and_build)
    result = convert(graph, [tmp_path])
    assert found_models == [tmp_path / MODEL]
    assert find_proven_model(graph, [tmp_path]) == tmp_path / MODEL
    assert result.versions["conversion"] == "another"
