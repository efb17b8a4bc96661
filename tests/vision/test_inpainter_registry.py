"""The list of inpainters, and the reason if one can't be used."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.frozen_graph import build_store_around, build_store_with_hifill
from tests.vision.conftest import ConvertedNetwork
from vision.errors import InpainterFailed, VisionError, WeightsMissing
from vision.inpainters import registry
from vision.inpainters.registry import choose_default_inpainter, list_inpainters, load_inpainter
from vision.progress import ignore_progress
from vision.weights import ModelStore


@pytest.fixture(scope="module")
def with_hifill(tmp_path_factory: pytest.TempPathFactory) -> ModelStore:
    return build_store_with_hifill(tmp_path_factory.mktemp("models"))


def test_without_weights_patchmatch_is_the_default(tmp_path: Path) -> None:
    store = ModelStore(tmp_path)
    hifill, patchmatch, *_ = list_inpainters(store)
    assert (hifill.name, hifill.title, hifill.available) == ("hifill", "HiFill", False)
    assert "weights fetch" in hifill.detail
    assert (patchmatch.name, patchmatch.available, patchmatch.detail) == ("patchmatch", True, "")
    assert choose_default_inpainter(store) == "patchmatch"
    with pytest.raises(WeightsMissing):
        load_inpainter("hifill", store)


def test_with_weights_hifill_is_the_default(with_hifill: ModelStore) -> None:
    infos = [(info.name, info.available, info.detail) for info in list_inpainters(with_hifill)]
    assert infos[:2] == [
        ("hifill", True, ""),
        ("patchmatch", True, ""),
    ]
    assert choose_default_inpainter(with_hifill) == "hifill"


def test_damaged_weights_count_as_missing(tmp_path: Path) -> None:
    (tmp_path / "hifill.pb").write_bytes(b"half a download")
    store = ModelStore(tmp_path)
    assert "damaged" in list_inpainters(store)[0].detail
    assert choose_default_inpainter(store) == "patchmatch"


def test_without_tensorflow_patchmatch_is_the_default(
    with_hifill: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "find_spec", lambda _name: None)
    assert "TensorFlow" in list_inpainters(with_hifill)[0].detail
    assert choose_default_inpainter(with_hifill) == "patchmatch"


def test_a_converted_network_needs_no_tensorflow(
    converted_network: ConvertedNetwork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = build_store_around(converted_network.copy_to(tmp_path))
    monkeypatch.setattr(registry, "find_spec", lambda _name: None)
    assert list_inpainters(store)[0].available
    assert choose_default_inpainter(store) == "hifill"
    (tmp_path / "hifill.onnx").write_bytes(b"damaged")
    assert "its network was not converted" in list_inpainters(store)[0].detail


def test_a_tensorflow_that_does_not_load_is_reported(
    with_hifill: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry._load_hifill.cache_clear()
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    with pytest.raises(InpainterFailed, match="needs TensorFlow") as caught:
        load_inpainter("hifill", with_hifill)
    assert caught.value.code == "inpainter_unavailable"


def test_a_native_library_that_does_not_load_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import patchmatch

    monkeypatch.setattr(patchmatch, "patchmatch_available", False)
    registry._check_patchmatch.cache_clear()
    registry._load_patchmatch.cache_clear()
    try:
        info = list_inpainters(ModelStore(tmp_path))[1]
        assert not info.available
        assert "does not load" in info.detail
        with pytest.raises(InpainterFailed, match="does not load"):
            load_inpainter("patchmatch", ModelStore(tmp_path))
    finally:
        registry._check_patchmatch.cache_clear()


def test_an_inpainter_is_loaded_once(with_hifill: ModelStore) -> None:
    first = load_inpainter("hifill", with_hifill)
    assert load_inpainter("hifill", with_hifill) is first
    picture = np.full((64, 64, 3), 60, dtype=np.uint8)
    mask = np.zeros((64, 64), dtype=np.uint8)
    mask[20:40, 20:40] = 255
    assert (first.fill(picture, mask, checkpoint=ignore_progress)[30, 30] == (80, 70, 65)).all()


def test_an_unknown_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(VisionError) as caught:
        load_inpainter("magic", ModelStore(tmp_path))
    assert caught.value.code == "unknown_inpainter"


def test_listing_inpainters_imports_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from vision.inpainters.registry import choose_default_inpainter, list_inpainters\n"
        "from vision.weights import ModelStore\n"
        "import vision.inpainters.hifill\n"
        f"list_inpainters(ModelStore(Path({str(tmp_path)!r})))\n"
        "assert not {'tensorflow', 'django'} & set(sys.modules)\n"
    )
    platform = Path(registry.__file__).parents[2]
    subprocess.run(
        [sys.executable, "-P", "-c", code], env={"PYTHONPATH": str(platform)}, check=True
    )
