"""The output and the exit of `manage.py weights`."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from benchmarks import hifill_graph
from inpainting.management.commands import weights as command
from tests.frozen_graph import build_store_around
from tests.learned_networks import build_learned_store
from vision.weights import ModelStore, WeightFile

CONTENT = b"hello\n"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModelStore:
    """A store of two files: `right.bin` is in the mirror, `gone.bin` nowhere."""

    def build_weight(name: str, *urls: str) -> WeightFile:
        blob = "ce013625030ba8dba906f756967f9e9ca394464a"
        return WeightFile(name, urls, "MIT, Someone", f"makes {name}", f"no {name}", git_blob=blob)

    mirror = tmp_path / "mirror"
    mirror.mkdir()
    (mirror / "right.bin").write_bytes(CONTENT)
    files = (build_weight("right.bin"), build_weight("gone.bin", "http://127.0.0.1:1/gone.bin"))
    store = ModelStore(tmp_path / "models", mirror, weights=files)
    monkeypatch.setattr(command, "get_model_store", lambda: store)
    return store


def run_command(*arguments: str) -> tuple[str, str]:
    """Run the command; return its standard output and its standard error."""
    out, err = StringIO(), StringIO()
    call_command("weights", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_fetch_gets_what_it_can_and_names_what_is_missing(store: ModelStore) -> None:
    out, err = run_command("fetch")
    assert out == f"right.bin: in {store.folder}\n"
    assert (store.folder / "right.bin").read_bytes() == CONTENT
    assert "gone.bin could not be fetched" in err
    assert "Until it is there, no gone.bin." in err


def test_fetch_takes_names(store: ModelStore) -> None:
    assert run_command("fetch", "right.bin") == (f"right.bin: in {store.folder}\n", "")


@pytest.mark.slow
def test_fetch_converts_the_network_of_hifill_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hifill_graph.write(tmp_path / "hifill.pb", channels=2)
    store = build_store_around(tmp_path / "hifill.pb")
    monkeypatch.setattr(command, "get_model_store", lambda: store)
    out, _ = run_command("fetch", "hifill.pb")
    fetch_line, conversion_line = out.splitlines()
    assert fetch_line == f"hifill.pb: in {store.folder}"
    assert conversion_line.startswith("hifill.onnx computes what hifill.pb computes, to 0.00")


def test_fetch_leaves_optional_files_out_unless_their_engine_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = build_learned_store(tmp_path / "mirror").weights
    store = ModelStore(tmp_path / "models", tmp_path / "mirror", weights=tuple(weights.values()))
    monkeypatch.setattr(command, "get_model_store", lambda: store)
    out, err = run_command("fetch")
    assert out == ""
    assert "lama" not in err
    out, _ = run_command("fetch", "--with", "migan,lama")
    assert out.splitlines() == [
        f"migan_pipeline_v2.onnx: in {store.folder}",
        f"inpainting_lama_2025jan.onnx: in {store.folder}",
        "MI-GAN passed its check",
        "LaMa passed its check",
    ]


def test_fetch_says_that_an_engine_did_not_pass_its_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = build_learned_store(tmp_path, offset=20)
    monkeypatch.setattr(command, "get_model_store", lambda: store)
    out, _ = run_command("fetch", "--with", "lama")
    assert out.splitlines()[-1] == (
        "LaMa is off, as it did not pass its check: it continues a gradient wrongly, by 20.0 levels"
    )


def test_an_unknown_engine_is_refused(store: ModelStore) -> None:
    with pytest.raises(CommandError, match="choose from migan, lama"):
        run_command("fetch", "--with", "magic")


def test_list_names_state_purpose_and_licence(store: ModelStore) -> None:
    store.fetch("right.bin")
    (store.folder / "gone.bin").write_bytes(b"other")
    assert run_command("list")[0].splitlines() == [
        f"right.bin: in {store.folder}; makes right.bin; MIT, Someone",
        f"gone.bin: in {store.folder}, damaged or another version; makes gone.bin; MIT, Someone",
    ]


def test_verify_accepts_right_and_missing_files(store: ModelStore) -> None:
    store.fetch("right.bin")
    assert run_command("verify")[0].splitlines() == [
        f"right.bin: right ({store.folder / 'right.bin'})",
        "gone.bin: missing; no gone.bin",
    ]


def test_verify_fails_for_a_damaged_file(store: ModelStore) -> None:
    store.fetch("right.bin").write_bytes(CONTENT[:-1])
    with pytest.raises(CommandError, match=r"right\.bin\. Delete and run"):
        run_command("verify")


def test_an_unknown_name_is_refused(store: ModelStore) -> None:
    with pytest.raises(CommandError, match="There is no model file other"):
        run_command("fetch", "other")
