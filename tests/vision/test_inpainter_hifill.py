"""HiFill in TensorFlow, with a frozen graph whose output is predictable."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.frozen_graph import CELLS, EVERYWHERE, GRID, OFFSET_BGR, write_frozen_graph
from vision.errors import Cancelled, InpainterFailed
from vision.inpainters.hifill import HiFillInpainter
from vision.inpainters.residual import MARGIN_PART
from vision.progress import ignore_progress

OFFSET_RGB = np.array(OFFSET_BGR[::-1])
FLAT = np.array([100, 90, 80])
HOLED_CELLS = [12 * GRID + 12, 12 * GRID + 13, 13 * GRID + 12, 13 * GRID + 13]


def slice_cell(number: int, side: int) -> tuple[slice, slice]:
    row, column = divmod(number, GRID)
    return slice(row * side, (row + 1) * side), slice(column * side, (column + 1) * side)


def to_attention(sources: dict[int, int]) -> NDArray[np.float32]:
    """Return the attention with which each cell takes from one other cell only."""
    attention = np.zeros((CELLS, CELLS), dtype=np.float32)
    attention[list(sources), list(sources.values())] = 1
    return attention


def slice_interior(number: int, side: int) -> tuple[slice, slice]:
    """Return a cell without its edge, where the fill blends with surroundings and neighbours."""
    rows, columns = slice_cell(number, side)
    edge = 2 + side // MARGIN_PART
    return slice(rows.start + edge, rows.stop - edge), slice(
        columns.start + edge, columns.stop - edge
    )


def build_checkerboard(size: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.int_]]:
    """Return a flat picture with a checkerboard whose contrast differs by cell, mask and detail.

    The mean of every 2 x 2 pixels is the flat colour, so the checkerboard is the whole residual.
    """
    contrast = np.arange(CELLS).reshape(GRID, GRID) % 37
    board = np.indices((size, size)).sum(axis=0) % 2 * 2 - 1
    detail = board * np.kron(contrast, np.ones((size // GRID, size // GRID), dtype=int))
    mask = np.zeros((size, size), dtype=np.uint8)
    for number in HOLED_CELLS:
        mask[slice_cell(number, size // GRID)] = 255
    return (FLAT + detail[:, :, np.newaxis]).astype(np.uint8), mask, detail


@pytest.fixture(scope="module")
def even_inpainter(tmp_path_factory: pytest.TempPathFactory) -> HiFillInpainter:
    """HiFill with attention that takes the same share from every cell."""
    return HiFillInpainter(write_frozen_graph(tmp_path_factory.mktemp("graph") / "hifill.pb"))


def load_hifill(folder: Path, attention: NDArray[np.float32]) -> HiFillInpainter:
    return HiFillInpainter(write_frozen_graph(folder / "hifill.pb", attention=attention))


def test_pixels_at_full_resolution_are_as_predicted(tmp_path: Path) -> None:
    picture, mask, detail = build_checkerboard(1024)
    sources = dict(zip(HOLED_CELLS, (3, 40, 700, 1000), strict=True))
    result = load_hifill(tmp_path, to_attention(sources)).fill(
        picture, mask, checkpoint=ignore_progress
    )
    for target, source in sources.items():
        expected = FLAT + OFFSET_RGB + detail[slice_interior(source, 32)][:, :, np.newaxis]
        assert np.abs(result[slice_interior(target, 32)] - expected).max() <= 1
    assert (result[mask == 0] == picture[mask == 0]).all()


def test_changed_attention_changes_the_predicted_pixels_alone(tmp_path: Path) -> None:
    picture, mask, detail = build_checkerboard(1024)
    sources = dict.fromkeys(HOLED_CELLS, 3)
    before = load_hifill(tmp_path, to_attention(sources)).fill(
        picture, mask, checkpoint=ignore_progress
    )
    target = HOLED_CELLS[2]
    after = load_hifill(tmp_path, to_attention(sources | {target: 30})).fill(
        picture, mask, checkpoint=ignore_progress
    )
    differs = (before != after).any(axis=2)
    rows, columns = slice_cell(target, 32)
    allowed = np.zeros_like(differs)
    margin = 32 // MARGIN_PART
    allowed[
        rows.start - margin : rows.stop + margin, columns.start - margin : columns.stop + margin
    ] = True
    assert not differs[~allowed | (mask == 0)].any()
    assert differs[slice_interior(target, 32)].all()
    difference = (detail[slice_interior(30, 32)] - detail[slice_interior(3, 32)])[:, :, np.newaxis]
    change = after[slice_interior(target, 32)].astype(int) - before[slice_interior(target, 32)]
    assert np.abs(change - difference).max() <= 1


def test_even_attention_averages_the_free_cells(even_inpainter: HiFillInpainter) -> None:
    picture, mask, detail = build_checkerboard(1024)
    result = even_inpainter.fill(picture, mask, checkpoint=ignore_progress)
    # The hole's four cells and the twelve around them have no weight; 1/1024 goes to each other.
    free = np.ones((GRID, GRID), dtype=bool)
    free[11:15, 11:15] = False
    contrasts = np.abs(detail).reshape(GRID, 32, GRID, 32)[:, 0, :, 0]
    board = np.sign(detail[slice_interior(1, 32)])[:, :, np.newaxis]
    expected = FLAT + OFFSET_RGB + board * (contrasts[free].sum() / CELLS)
    for number in HOLED_CELLS:
        assert np.abs(result[slice_interior(number, 32)] - expected).max() <= 1


@pytest.mark.parametrize(
    "size", [(700, 501), (501, 700), (1300, 260), (200, 1700), (64, 48), (31, 9), (512, 512)]
)
def test_pictures_of_any_shape_are_filled(
    even_inpainter: HiFillInpainter, size: tuple[int, int]
) -> None:
    picture = np.broadcast_to(FLAT.astype(np.uint8), (*size, 3)).copy()
    mask = np.zeros(size, dtype=np.uint8)
    mask[size[0] // 3 : size[0] // 2, -size[1] // 3 :] = 255
    picture[mask > 0] = (255, 0, 255)
    result = even_inpainter.fill(picture, mask, checkpoint=ignore_progress)
    assert result.shape == picture.shape
    assert (result[mask == 0] == picture[mask == 0]).all()
    assert (np.median(result[mask > 0], axis=0) == FLAT + OFFSET_RGB).all()
    # At the hole's edge the fill blends with the surroundings, not with the object.
    assert (result[mask > 0] >= FLAT - 1).all()
    assert (result[mask > 0] <= FLAT + OFFSET_RGB + 1).all()


def test_a_hole_of_one_pixel_is_filled(even_inpainter: HiFillInpainter) -> None:
    picture = np.full((1537, 1000, 3), 50, dtype=np.uint8)
    mask = np.zeros((1537, 1000), dtype=np.uint8)
    mask[1111, 777] = 255
    picture[1111, 777] = 250
    result = even_inpainter.fill(picture, mask, checkpoint=ignore_progress)
    assert (result[1111, 777] > 50).all()
    assert (result[1111, 777] <= 50 + OFFSET_RGB).all()


def test_the_picture_is_padded_to_a_square_by_mirroring(
    even_inpainter: HiFillInpainter, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = even_inpainter._graph
    run = graph.run
    calls: list[tuple[NDArray[np.float32], NDArray[np.bool_]]] = []

    def watch_run(
        picture: NDArray[np.float32], hole: NDArray[np.bool_]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        calls.append((picture, hole))
        return run(picture, hole)

    monkeypatch.setattr(graph, "run", watch_run)
    crop = np.random.default_rng(1).integers(0, 256, (384, 512, 3), dtype=np.uint8)
    mask = np.zeros((384, 512), dtype=np.uint8)
    mask[10:20, 30:50] = 255
    even_inpainter.fill(crop, mask, checkpoint=ignore_progress)
    picture, hole = calls[0]
    assert (picture[:384] == crop[:, :, ::-1]).all()
    assert (picture[384:] == crop[:-129:-1, :, ::-1]).all()
    assert (hole[:384] == (mask > 0)).all()
    assert not hole[384:].any()


def test_far_parts_of_a_panorama_do_not_affect_the_fill(even_inpainter: HiFillInpainter) -> None:
    random = np.random.default_rng(8)
    picture = random.integers(0, 256, (256, 1500, 3), dtype=np.uint8)
    mask = np.zeros((256, 1500), dtype=np.uint8)
    mask[100:150, 700:750] = 255
    result = even_inpainter.fill(picture, mask, checkpoint=ignore_progress)
    other = picture.copy()
    other[:, :400] = other[:, 1050:] = 0
    expected = even_inpainter.fill(other, mask, checkpoint=ignore_progress)
    assert (result[:, 400:1050] == expected[:, 400:1050]).all()


@pytest.mark.parametrize("upright", [False, True])
def test_squares_along_a_long_hole_fade_into_each_other(
    even_inpainter: HiFillInpainter, monkeypatch: pytest.MonkeyPatch, upright: bool
) -> None:
    calls: list[NDArray[np.bool_]] = []

    def paint_brighter(
        picture: NDArray[np.float32], hole: NDArray[np.bool_]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        calls.append(hole)
        return np.full_like(picture, 60 * len(calls)), np.zeros((CELLS, CELLS), np.float32)

    monkeypatch.setattr(even_inpainter._graph, "run", paint_brighter)
    picture = np.random.default_rng(2).integers(0, 256, (512, 2400, 3), dtype=np.uint8)
    mask = np.zeros((512, 2400), dtype=np.uint8)
    mask[200:300, 700:1700] = 255
    if upright:
        picture, mask = picture.transpose(1, 0, 2).copy(), mask.T.copy()
    shares: list[float] = []
    result = even_inpainter.fill(picture, mask, checkpoint=shares.append)
    assert (result[mask == 0] == picture[mask == 0]).all()
    assert shares == sorted(shares)
    assert len(calls) == 3
    if upright:
        result = result.transpose(1, 0, 2)
    along = result[250, 702:1698, 0].astype(int)
    assert along[0] == 60
    assert along[-1] == 180
    # At a jump of 60 from one square to the next, fading takes at least an eighth of 512 pixels.
    assert (np.diff(along) >= 0).all()
    assert np.diff(along).max() <= 1


def test_a_photo_of_nothing_but_hole_is_refused(even_inpainter: HiFillInpainter) -> None:
    picture = np.zeros((40, 40, 3), dtype=np.uint8)
    with pytest.raises(InpainterFailed) as caught:
        even_inpainter.fill(
            picture, np.full((40, 40), 255, dtype=np.uint8), checkpoint=ignore_progress
        )
    assert caught.value.code == "inpainter_no_source"


def test_progress_is_reported_and_the_work_can_be_cancelled(
    even_inpainter: HiFillInpainter,
) -> None:
    picture, mask, _ = build_checkerboard(1024)
    shares: list[float] = []
    even_inpainter.fill(picture, mask, checkpoint=shares.append)
    assert shares == sorted(shares)
    assert len(shares) >= 4

    def stop(share: float) -> None:
        if share > 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        even_inpainter.fill(picture, mask, checkpoint=stop)


def test_attention_of_three_dimensions_is_accepted(tmp_path: Path) -> None:
    graph = write_frozen_graph(tmp_path / "hifill.pb", attention_shape=(1, CELLS, CELLS))
    picture, mask, _ = build_checkerboard(512)
    assert (
        HiFillInpainter(graph).fill(picture, mask, checkpoint=ignore_progress).shape
        == picture.shape
    )


def test_attention_of_another_shape_is_refused(tmp_path: Path) -> None:
    graph = write_frozen_graph(tmp_path / "hifill.pb", attention_shape=(1, 16, 64, CELLS))
    with pytest.raises(
        InpainterFailed, match=r"attention:0 has the shape \(1, 16, 64, 1024\)"
    ) as caught:
        HiFillInpainter(graph)
    assert caught.value.code == "inpainter_bad_graph"


def test_attention_that_is_not_finite_is_refused(tmp_path: Path) -> None:
    attention = EVERYWHERE.copy()
    attention[5, 5] = np.nan
    graph = write_frozen_graph(tmp_path / "hifill.pb", attention=attention)
    with pytest.raises(InpainterFailed, match="not finite"):
        HiFillInpainter(graph)


@pytest.mark.parametrize("content", [b"", b"not a graph"])
def test_a_file_that_is_no_graph_is_refused(tmp_path: Path, content: bytes) -> None:
    graph = tmp_path / "hifill.pb"
    graph.write_bytes(content)
    with pytest.raises(InpainterFailed) as caught:
        HiFillInpainter(graph)
    assert caught.value.code == "inpainter_bad_graph"
    assert not caught.value.user_can_fix
