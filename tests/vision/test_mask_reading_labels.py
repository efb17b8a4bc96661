"""Label masks: one number for each pixel."""

import numpy as np
import pytest

from tests import images
from tests.mask_pictures import (
    INSIDE,
    PALETTES,
    SHAPE,
    build_labels,
    build_photo,
    check_refused,
    encode_palette,
    fill_box,
    read_pixels,
)
from vision.errors import MaskRejected
from vision.mask_reading import MaskFile, read_mask


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES.keys())
def test_all_labels_but_0_are_marked_or_the_one_that_is_chosen(palette: list[int] | None) -> None:
    labels = build_labels()
    data = encode_palette(labels, palette) if palette else images.encode_pixels(labels, "PNG")
    np.testing.assert_array_equal(read_mask(MaskFile(data), SHAPE).pixels > 0, labels > 0)
    chosen = read_mask(MaskFile(data, value=15), SHAPE)
    np.testing.assert_array_equal(chosen.pixels > 0, INSIDE)
    assert chosen.convention == "label"


@pytest.mark.parametrize("bits", [1, 2, 4])
def test_labels_of_few_bits_keep_their_numbers(bits: int) -> None:
    numbers = INSIDE.astype(np.uint8)
    data = encode_palette(numbers, [0, 0, 0, 128, 0, 0], bits=bits)
    np.testing.assert_array_equal(read_mask(MaskFile(data, value=1), SHAPE).pixels > 0, INSIDE)


def test_labels_of_16_bits_are_read() -> None:
    labels = np.where(INSIDE, 1000, 0).astype(np.uint16)
    labels[2:8, 2:8] = 3
    data = images.build_16_bit_png(labels[:, :, None])
    np.testing.assert_array_equal(read_mask(MaskFile(data), SHAPE).pixels > 0, labels > 0)
    np.testing.assert_array_equal(read_mask(MaskFile(data, value=1000), SHAPE).pixels > 0, INSIDE)


@pytest.mark.parametrize("palette", [[0, 0, 0, 255, 255, 255], [255, 255, 255, 0, 0, 0]])
def test_a_palette_of_black_and_white_is_read_by_its_greys(palette: list[int]) -> None:
    numbers = INSIDE if palette[0] == 0 else ~INSIDE
    reading = read_mask(MaskFile(encode_palette(numbers, palette)), SHAPE)
    np.testing.assert_array_equal(reading.pixels == 255, INSIDE)


def test_an_absent_label_is_refused_with_the_labels_there_are() -> None:
    with pytest.raises(MaskRejected, match=r"value 7\. Found: 0, 1, 15, 255") as caught:
        read_pixels(build_labels(), value=7)
    assert caught.value.code == "mask_value_absent"
    with pytest.raises(MaskRejected, match="only in a label mask"):
        read_pixels(build_photo(), value=7)
    with pytest.raises(MaskRejected, match="only in a label mask"):
        read_pixels(fill_box(15, 0), value=15, name="JPEG")


def test_labels_that_cover_the_edge_are_refused() -> None:
    labels = build_labels()
    labels[labels == 0] = 3
    labels[20:22, 25:30] = 0
    check_refused(labels, "mask_unclear", match="labels?|greys.*0, 1, 3, 15, 255")


@pytest.mark.parametrize("palette", ["grey", "VOC"])
def test_labels_have_no_dark_side(palette: str) -> None:
    labels, colours = build_labels(), PALETTES[palette]
    data = encode_palette(labels, colours) if colours else images.encode_pixels(labels, "PNG")
    with pytest.raises(MaskRejected, match="not clear"):
        read_mask(MaskFile(data, "black"), SHAPE)
