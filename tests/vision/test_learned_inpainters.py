"""MI-GAN and LaMa, by small networks with their contracts: contract, check, fill, list."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.learned_networks import build_learned_store, write_network
from vision.errors import InpainterFailed, WeightsMissing
from vision.inpainters import registry
from vision.inpainters.learned import check, network
from vision.inpainters.learned.check import build_gradient, find_fault
from vision.inpainters.learned.contracts import CONTRACTS, SIDE, Contract
from vision.inpainters.learned.network import LearnedNetwork
from vision.inpainters.learned.preparing import check_engines
from vision.inpainters.registry import (
    InpainterInfo,
    choose_default_inpainter,
    list_inpainters,
    load_inpainter,
)
from vision.progress import ignore_progress
from vision.weights import OPTIONAL_ENGINES, WEIGHTS, ModelStore

each_contract = pytest.mark.parametrize("contract", CONTRACTS.values(), ids=list(CONTRACTS))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> ModelStore:
    return build_learned_store(tmp_path_factory.mktemp("models"))


def find_info(store: ModelStore, name: str) -> InpainterInfo:
    return next(info for info in list_inpainters(store) if info.name == name)


def test_each_contract_has_an_optional_file_and_a_name_to_choose() -> None:
    files = {weight.engine: weight.name for weight in WEIGHTS if weight.engine}
    assert {name: contract.file for name, contract in CONTRACTS.items()} == files
    assert set(OPTIONAL_ENGINES) == set(CONTRACTS) < set(registry.NAMES)


def test_migan_takes_bytes_in_rgb_and_keeps_where_the_mask_is_white() -> None:
    picture, hole = np.zeros((SIDE, SIDE, 3), np.uint8), np.zeros((SIDE, SIDE), np.bool_)
    picture[0, 0], hole[5, 7] = (10, 20, 30), True
    inputs = CONTRACTS["migan"].to_inputs(picture, hole)
    assert inputs["image"].dtype == inputs["mask"].dtype == np.uint8
    assert inputs["image"].shape == (1, 3, SIDE, SIDE)
    assert inputs["image"][0, :, 0, 0].tolist() == [10, 20, 30]
    assert inputs["mask"].shape == (1, 1, SIDE, SIDE)
    assert (inputs["mask"][0, 0, 5, 7], inputs["mask"][0, 0, 0, 0]) == (0, 255)


def test_lama_takes_shares_in_bgr_and_fills_where_the_mask_is_one() -> None:
    picture, hole = np.zeros((SIDE, SIDE, 3), np.uint8), np.zeros((SIDE, SIDE), np.bool_)
    picture[0, 0], hole[5, 7] = (51, 102, 255), True
    inputs = CONTRACTS["lama"].to_inputs(picture, hole)
    assert inputs["image"].dtype == inputs["mask"].dtype == np.float32
    np.testing.assert_allclose(inputs["image"][0, :, 0, 0], [1.0, 0.4, 0.2])
    assert (inputs["mask"][0, 0, 5, 7], inputs["mask"][0, 0, 0, 0]) == (1, 0)


@each_contract
def test_a_result_of_another_shape_or_without_numbers_is_refused(contract: Contract) -> None:
    with pytest.raises(ValueError, match="its result is"):
        contract.to_picture(np.zeros((1, 3, 256, 256), np.float32))
    with pytest.raises(ValueError, match="not finite"):
        contract.to_picture(np.full((1, 3, SIDE, SIDE), np.nan, np.float32))


@each_contract
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, ""),
        ({"offset": 5}, ""),
        ({"offset": 12}, "continues a gradient wrongly, by 12.0 levels"),
        ({"inverted": True}, "changes known pixels|reads the hole's own pixels"),
        ({"reads_hole": True}, "reads the hole's own pixels"),
    ],
)
def test_the_check_finds_what_is_wrong(
    contract: Contract, options: dict[str, Any], words: str, tmp_path: Path
) -> None:
    path = write_network(tmp_path / contract.file, contract, **options)
    fault = find_fault(LearnedNetwork(contract, path))
    assert bool(fault) == bool(words)
    if words:
        assert any(part in fault for part in words.split("|"))


def build_photo(height: int, width: int) -> NDArray[np.uint8]:
    """Return the check's gradient at another size, with fine grain."""
    grain = np.random.default_rng(3).integers(-6, 7, (height, width, 1))
    photo = cv2.resize(build_gradient(), (width, height)).astype(np.int16) + grain
    return np.clip(photo, 0, 255).astype(np.uint8)


@each_contract
def test_a_hole_is_filled_at_full_size_and_nothing_else_changes(
    contract: Contract, store: ModelStore
) -> None:
    photo = build_photo(1300, 1300)
    mask = np.zeros(photo.shape[:2], np.uint8)
    mask[500:800, 520:840] = 255
    damaged = photo.copy()
    damaged[mask > 0] = (255, 0, 255)

    result = load_inpainter(contract.name, store).fill(damaged, mask, checkpoint=ignore_progress)

    np.testing.assert_array_equal(result[mask == 0], photo[mask == 0])
    truth = cv2.resize(build_gradient(), (1300, 1300)).astype(np.float32)
    assert np.abs(result.astype(np.float32) - truth)[mask > 0].mean() < 8
    inner = (slice(550, 750), slice(570, 790))
    before, after = (cv2.Laplacian(each[inner], cv2.CV_32F).std() for each in (photo, result))
    assert after > 0.5 * before  # the grain comes from the photo: the network has none


@each_contract
def test_a_small_crop_that_is_no_square_is_filled(contract: Contract, store: ModelStore) -> None:
    photo = np.asarray(cv2.resize(build_gradient(), (300, 200)), np.uint8)
    mask = np.zeros((200, 300), np.uint8)
    mask[60:120, 90:160] = 255
    result = load_inpainter(contract.name, store).fill(photo, mask, checkpoint=ignore_progress)
    np.testing.assert_array_equal(result[mask == 0], photo[mask == 0])
    assert (result[mask > 0] != photo[mask > 0]).any()


@each_contract
def test_a_long_hole_is_filled_in_several_windows(contract: Contract, store: ModelStore) -> None:
    photo = np.asarray(cv2.resize(build_gradient(), (2600, 520)), np.uint8)
    mask = np.zeros((520, 2600), np.uint8)
    mask[200:300, 100:2500] = 255
    damaged = photo.copy()
    damaged[mask > 0] = (255, 0, 255)
    shares: list[float] = []
    inpainter = load_inpainter(contract.name, store)
    result = inpainter.fill(damaged, mask, checkpoint=shares.append)
    assert not (result[mask > 0] == (255, 0, 255)).all(axis=1).any()
    assert shares == sorted(shares)


@each_contract
def test_a_crop_without_surroundings_is_refused(contract: Contract, store: ModelStore) -> None:
    everything = np.full((64, 64), 255, np.uint8)
    with pytest.raises(InpainterFailed) as caught:
        load_inpainter(contract.name, store).fill(
            np.zeros((64, 64, 3), np.uint8), everything, checkpoint=ignore_progress
        )
    assert caught.value.code == "inpainter_no_source"


@each_contract
def test_without_its_file_it_is_off_and_nobody_misses_it(
    contract: Contract, tmp_path: Path
) -> None:
    store = ModelStore(tmp_path)
    info = find_info(store, contract.name)
    assert (info.available, info.optional) == (False, True)
    assert info.reason == f"{contract.title} is not installed on this site."
    assert f"weights fetch --with {contract.name}" in info.detail
    with pytest.raises(WeightsMissing):
        load_inpainter(contract.name, store)


@each_contract
def test_with_its_file_it_can_be_the_default(contract: Contract, store: ModelStore) -> None:
    info = find_info(store, contract.name)
    assert (info.title, info.available, info.optional) == (contract.title, True, False)
    assert choose_default_inpainter(store) == "patchmatch"
    assert choose_default_inpainter(store, contract.name) == contract.name
    assert choose_default_inpainter(ModelStore(store.folder / "none"), contract.name) != (
        contract.name
    )


@each_contract
def test_after_a_failed_check_it_is_off(contract: Contract, tmp_path: Path) -> None:
    store = build_learned_store(tmp_path, offset=30)
    with pytest.raises(InpainterFailed) as caught:
        load_inpainter(contract.name, store)
    assert caught.value.code == "inpainter_bad_graph"
    assert not caught.value.user_can_fix
    assert "gradient" not in caught.value.message
    info = find_info(store, contract.name)
    assert (info.available, info.optional, info.reason) == (False, False, caught.value.message)
    assert "it continues a gradient wrongly, by 30.0 levels" in info.detail


@each_contract
def test_a_file_that_is_no_network_is_off(contract: Contract, tmp_path: Path) -> None:
    store = build_learned_store(tmp_path, side=256)
    assert contract.title in " ".join(check_engines(store, [contract.name]))
    assert "its result is (1, 3, 256, 256)" in find_info(store, contract.name).detail


@each_contract
def test_the_check_is_noted_and_not_run_again(
    contract: Contract, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = build_learned_store(tmp_path)
    line = f"{contract.title} passed its check"
    assert check_engines(store, [contract.name]) == [line]
    monkeypatch.setattr(LearnedNetwork, "run", None)  # another run would fail
    assert check_engines(store, [contract.name, "hifill", ""]) == [line]


@each_contract
def test_a_note_counts_only_for_its_model_and_runtime(contract: Contract, tmp_path: Path) -> None:
    store = build_learned_store(tmp_path, offset=30)
    check_engines(store, [contract.name])
    note = tmp_path / f"{contract.name}_check.json"
    for name in ("model", "runtime", "check"):
        changed = json.loads(note.read_text()) | {name: 0}
        note.write_text(json.dumps(changed))
        assert find_info(store, contract.name).available
        check_engines(store, [contract.name])
        assert not find_info(store, contract.name).available


def test_a_folder_that_cannot_be_written_to_is_no_error(tmp_path: Path) -> None:
    weights = build_learned_store(tmp_path).weights
    store = ModelStore(tmp_path / "missing", tmp_path, weights=tuple(weights.values()))
    assert check_engines(store, ["lama"]) == ["LaMa passed its check"]
    assert load_inpainter("lama", store).name == "lama"
    assert not list(tmp_path.rglob("*.json"))


def test_a_faulty_network_is_checked_once_where_no_note_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = build_learned_store(tmp_path, offset=30).weights
    no_folder = tmp_path / "file"
    no_folder.write_text("")
    store = ModelStore(no_folder, tmp_path, weights=tuple(weights.values()))
    for _ in range(2):
        with pytest.raises(InpainterFailed, match="continues a gradient wrongly"):
            load_inpainter("lama", store)
        monkeypatch.setattr(LearnedNetwork, "run", None)  # another check would fail
    assert not find_info(store, "lama").available


@each_contract
@pytest.mark.parametrize("error", [MemoryError("bad allocation"), RuntimeError("no thread")])
def test_a_network_that_does_not_load_once_is_not_turned_off(
    contract: Contract, error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise error

    store = build_learned_store(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(network, "open_onnx_session", fail)
        with pytest.raises(InpainterFailed) as caught:
            load_inpainter(contract.name, store)
        assert "could not be checked" in " ".join(check_engines(store, [contract.name]))
    assert (caught.value.code, caught.value.permanent) == ("inpainter_crashed", False)
    assert not list(tmp_path.rglob("*.json"))
    assert find_info(store, contract.name).available
    assert load_inpainter(contract.name, store).name == contract.name


@each_contract
def test_without_its_runtime_it_is_unavailable(
    contract: Contract, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = build_learned_store(tmp_path)
    for module in (check, registry):
        monkeypatch.setattr(module, "is_onnx_installed", lambda: False)
    info = find_info(store, contract.name)
    assert (info.available, info.optional) == (False, False)
    assert "it needs ONNX Runtime" in info.detail
    with pytest.raises(InpainterFailed) as caught:
        load_inpainter(contract.name, store)
    assert caught.value.code == "inpainter_unavailable"
    assert not list(tmp_path.rglob("*.json"))


def test_the_list_loads_no_runtime(store: ModelStore) -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from vision.inpainters.registry import list_inpainters\n"
        "from vision.weights import ModelStore\n"
        f"list_inpainters(ModelStore(Path({str(store.folder)!r})))\n"
        "assert not {'onnxruntime', 'onnx'} & set(sys.modules)\n"
    )
    platform = Path(registry.__file__).parents[2]
    subprocess.run(
        [sys.executable, "-P", "-c", code], env={"PYTHONPATH": str(platform)}, check=True
    )
