"""Removal: the inpainter's input, and what becomes of its result."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests import images
from tests.vision.canvas import build_picture
from vision import masks
from vision.errors import Cancelled, InpainterFailed, MaskRejected
from vision.images import Picture, decode, encode
from vision.inpainters.registry import load_inpainter
from vision.patches import apply
from vision.progress import Checkpoint
from vision.regions import CELL, MIN_CONTEXT
from vision.removal import remove
from vision.weights import ModelStore


class ColourFill:
    """An inpainter that fills the whole crop with one colour, visible if it leaves the mask."""

    name = "colour"
    max_parallel_regions = 1

    def __init__(self, colour: tuple[int, int, int] = (10, 20, 60)) -> None:
        self.colour = colour
        self.crops: list[NDArray[np.uint8]] = []

    def fill(
        self, crop: NDArray[np.uint8], mask: NDArray[np.uint8], *, checkpoint: Checkpoint
    ) -> NDArray[np.uint8]:
        assert crop.dtype == mask.dtype == np.uint8
        assert crop.shape == (*mask.shape, 3)
        assert crop.flags.c_contiguous
        assert mask.flags.c_contiguous
        self.crops.append(crop)
        checkpoint(0.5)
        return np.full_like(crop, self.colour)


def remove_object(
    picture: Picture, mask: masks.Mask, inpainter: ColourFill, grow: int = 0, feather: int = 0
) -> images.Pixels:
    return apply(picture.pixels, remove(picture, mask, inpainter, grow=grow, feather=feather))


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("grow", [0, 3])
@pytest.mark.parametrize("feather", [0, 5])
def test_nothing_outside_the_grown_mask_changes(
    channels: int, bits: int, grow: int, feather: int
) -> None:
    picture = build_picture(images.build_noise(120, 160, channels, bits=bits))
    mask = masks.from_boxes((120, 160), [(30, 20, 40, 50), (150, 110, 10, 10)])
    result = remove_object(picture, mask, ColourFill(), grow=grow, feather=feather)
    unmarked = masks.grow(mask, grow) == 0
    np.testing.assert_array_equal(result[unmarked], picture.pixels[unmarked])
    assert (result[~unmarked] != picture.pixels[~unmarked]).any(axis=-1).mean() > 0.9


def test_the_fill_is_converted_to_the_canvas_s_mode_and_depth() -> None:
    mask = masks.from_boxes((20, 20), [(3, 3, 14, 14)])
    for bits, factor in ((8, 1), (16, 257)):
        colour = remove_object(
            build_picture(images.build_noise(20, 20, 3, bits=bits)), mask, ColourFill()
        )[9, 9]
        assert colour.tolist() == [10 * factor, 20 * factor, 60 * factor]
        grey = remove_object(
            build_picture(images.build_noise(20, 20, 1, bits=bits)), mask, ColourFill()
        )[9, 9]
        assert grey.tolist() == [30 * factor]


def test_the_inpainter_sees_grey_and_16_bits_as_rgb() -> None:
    grey = images.build_noise(20, 20, 1, bits=16)
    inpainter = ColourFill()
    remove_object(build_picture(grey), masks.from_boxes((20, 20), [(5, 5, 6, 6)]), inpainter)
    expected = np.repeat(np.rint(grey / 257).astype(np.uint8), 3, axis=2)
    np.testing.assert_array_equal(inpainter.crops[0], expected)


@pytest.mark.parametrize("surrounding_alpha", [0, 128, 255])
def test_uniform_transparency_around_the_hole_continues_into_it(surrounding_alpha: int) -> None:
    pixels = images.build_noise(40, 40, 4)
    pixels[:, :, 3] = surrounding_alpha
    pixels[10:20, 10:20, 3] = 255 - surrounding_alpha
    result = remove_object(
        build_picture(pixels), masks.from_boxes((40, 40), [(10, 10, 10, 10)]), ColourFill()
    )
    assert (result[:, :, 3] == surrounding_alpha).all()


def test_varied_transparency_around_the_hole_is_kept() -> None:
    pixels = images.build_noise(40, 40, 4)
    result = remove_object(
        build_picture(pixels), masks.from_boxes((40, 40), [(10, 10, 10, 10)]), ColourFill()
    )
    np.testing.assert_array_equal(result[:, :, 3], pixels[:, :, 3])


def test_hidden_colours_of_transparent_pixels_do_not_spread() -> None:
    pixels = np.zeros((60, 60, 4), np.uint8)
    pixels[30:] = (60, 60, 60, 255)
    mask = masks.from_boxes((60, 60), [(20, 30, 20, 20)])
    result = remove_object(build_picture(pixels), mask, ColourFill((60, 60, 60)))
    np.testing.assert_array_equal(result, pixels)


def test_each_region_gives_one_tight_patch() -> None:
    mask = masks.from_boxes((1000, 1500), [(100, 90, 40, 30), (1200, 800, 60, 50)])
    inpainter = ColourFill()
    patches = remove(build_picture(images.build_scene(1500, 1000)), mask, inpainter)
    places = [(patch.x, patch.y, patch.width, patch.height) for patch in patches]
    assert places == [(100, 90, 40, 30), (1200, 800, 60, 50)]
    min_widths = [140 + MIN_CONTEXT, 60 + 2 * MIN_CONTEXT]
    for crop, width in zip(inpainter.crops, min_widths, strict=True):
        assert width <= crop.shape[1] < width + 2 * CELL


def test_feathering_blends_the_old_pixels_at_the_edge() -> None:
    picture = build_picture(np.full((60, 60, 3), 250, np.uint8))
    result = remove_object(
        picture, masks.from_boxes((60, 60), [(20, 20, 20, 20)]), ColourFill((0, 0, 0)), feather=4
    )
    assert result[30, 19:26, 0].tolist() == [250, 200, 150, 100, 50, 0, 0]


def test_the_checkpoint_is_called_at_every_step() -> None:
    shares: list[float] = []
    mask = masks.from_boxes((1000, 1500), [(100, 90, 40, 30), (1200, 800, 60, 50)])
    remove(
        build_picture(images.build_scene(1500, 1000)), mask, ColourFill(), checkpoint=shares.append
    )
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert shares[1:-1] == [0.25, 0.5, 0.75]


def test_the_checkpoint_can_stop_the_work() -> None:
    mask = masks.from_boxes((1000, 1500), [(100, 90, 40, 30), (1200, 800, 60, 50)])
    inpainter = ColourFill()

    def stop(share: float) -> None:
        if share > 0.6:
            raise Cancelled

    with pytest.raises(Cancelled):
        remove(build_picture(images.build_scene(1500, 1000)), mask, inpainter, checkpoint=stop)


@pytest.mark.parametrize(
    ("boxes", "grow", "code"),
    [
        ([], 0, "mask_empty"),
        ([(0, 0, 50, 50)], 0, "mask_covers_everything"),
        ([(1, 1, 48, 48)], 5, "mask_covers_everything"),
    ],
)
def test_an_unusable_mask_is_rejected(
    boxes: list[tuple[int, int, int, int]], grow: int, code: str
) -> None:
    with pytest.raises(MaskRejected) as caught:
        remove(
            build_picture(images.build_noise(50, 50)),
            masks.from_boxes((50, 50), boxes),
            ColourFill(),
            grow=grow,
        )
    assert caught.value.code == code


class ParallelColourFill(ColourFill):
    """The same, with two crops in parallel."""

    max_parallel_regions = 2


def test_parallel_regions_give_the_same_patches() -> None:
    boxes = [(100, 90, 40, 30), (1200, 800, 60, 50), (700, 100, 30, 60)]
    picture, mask = (
        build_picture(images.build_scene(1500, 1000)),
        masks.from_boxes((1000, 1500), boxes),
    )
    shares: list[float] = []
    sequential = remove(picture, mask, ColourFill())
    parallel = remove(picture, mask, ParallelColourFill(), checkpoint=shares.append)
    for one, other in zip(sequential, parallel, strict=True):
        assert (one.x, one.y) == (other.x, other.y)
        np.testing.assert_array_equal(one.pixels, other.pixels)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


class WrongSizeFill(ColourFill):
    """An inpainter that returns a picture of another size."""

    def fill(
        self, crop: NDArray[np.uint8], mask: NDArray[np.uint8], *, checkpoint: Checkpoint
    ) -> NDArray[np.uint8]:
        return super().fill(crop, mask, checkpoint=checkpoint)[1:]


def test_a_fill_of_the_wrong_size_is_an_error() -> None:
    mask = masks.from_boxes((50, 50), [(5, 5, 5, 5)])
    with pytest.raises(InpainterFailed) as caught:
        remove(build_picture(images.build_noise(50, 50)), mask, WrongSizeFill())
    assert caught.value.code == "inpainter_wrong_result"


@pytest.mark.whole_way
@pytest.mark.parametrize("name", ["iopaint_bench_dog.png", "skimage_rocket.jpg"])
def test_patchmatch_removes_an_object_from_a_real_photo(photos: Path, name: str) -> None:
    picture = decode(photos / name)
    if name == "iopaint_bench_dog.png":
        data = (photos / "iopaint_bench_dog_mask.png").read_bytes()
        mask = masks.from_png(data, width=picture.width, height=picture.height)
    else:
        mask = masks.from_boxes((picture.height, picture.width), [(300, 60, 60, 300)])
    inpainter = load_inpainter("patchmatch", ModelStore.from_environment())
    patches = remove(picture, mask, inpainter, feather=2)
    result = picture.with_pixels(apply(picture.pixels, patches))
    changed = (result.pixels != picture.pixels).any(axis=2)
    assert not changed[mask == 0].any()
    assert changed[mask == 255].mean() > 0.5
    lossless = decode(encode(result, "PNG"))
    np.testing.assert_array_equal(lossless.pixels, result.pixels)
    assert lossless.icc_profile == picture.icc_profile
