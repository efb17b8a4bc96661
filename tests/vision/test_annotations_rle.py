"""The run lengths of COCO and of Label Studio's brush, against slow and plain readers of both."""

import numpy as np
import pytest

from vision.annotations import brush_rle, coco_rle
from vision.masks import Mask

SIZES = [(1, 1), (1, 7), (5, 1), (6, 9), (40, 60)]


def build_masks(size: tuple[int, int]) -> list[Mask]:
    """Return an empty, a full and some random masks, ragged and in one piece."""
    random = np.random.default_rng(size[0])
    ragged = [random.random(size) < share for share in (0.05, 0.5, 0.95)]
    piece = np.zeros(size, bool)
    piece[size[0] // 3 :, size[1] // 4 :] = True
    shapes = [np.zeros(size, bool), np.ones(size, bool), piece, *ragged]
    return [np.where(shape, np.uint8(255), np.uint8(0)) for shape in shapes]


def count_slowly(mask: Mask) -> list[int]:
    counts, last = [0], 0
    for column in range(mask.shape[1]):
        for row in range(mask.shape[0]):
            bit = int(mask[row, column] > 0)
            if bit != last:
                counts.append(0)
            counts[-1] += 1
            last = bit
    return counts


def write_slowly(counts: list[int]) -> str:
    text = ""
    for place, count in enumerate(counts):
        number = count - counts[place - 2] if place > 2 else count
        while True:
            group, number = number & 31, number >> 5
            goes_on = number != (-1 if group & 16 else 0)
            text += chr(48 + group + 32 * goes_on)
            if not goes_on:
                break
    return text


# By hand: 0 is "0"; 3 is 00011, "3"; 40 is 01000 with more, then 1: "X1"; 16 is 10000, whose
# fifth bit would be a sign, so that a group of 0 follows: "`0"; 5 - 20 = -15 is 10001: "A".
VECTORS = [
    ([6], "6"),
    ([0, 3, 3], "033"),
    ([40, 16], "X1`0"),
    ([1, 20, 2, 5, 2], "1d02A0"),
    ([3, 1, 3, 1, 3], "31300"),
]


@pytest.mark.parametrize(("counts", "text"), VECTORS)
def test_counts_are_written_as_coco_does(counts: list[int], text: str) -> None:
    assert coco_rle.pack_counts(np.array(counts)) == write_slowly(counts) == text
    assert coco_rle.unpack_counts(text).tolist() == counts


def test_a_mask_is_counted_by_columns() -> None:
    mask = np.array([[0, 1, 1], [0, 1, 0]], np.uint8)
    assert coco_rle.count_runs(mask).tolist() == [2, 3, 1]
    assert coco_rle.count_runs(255 - 255 * mask).tolist() == [0, 2, 3, 1]


@pytest.mark.parametrize("size", SIZES)
def test_coco_s_run_lengths_are_those_of_a_slow_reader(size: tuple[int, int]) -> None:
    for mask in build_masks(size):
        counts = coco_rle.count_runs(mask)
        assert counts.tolist() == count_slowly(mask)
        text = coco_rle.pack_counts(counts)
        assert text == write_slowly(counts.tolist())
        np.testing.assert_array_equal(coco_rle.unpack_counts(text), counts)
        np.testing.assert_array_equal(coco_rle.fill_runs(size, [counts]), mask)


def test_several_coco_masks_are_united() -> None:
    masks = build_masks((40, 60))[2:]
    united = coco_rle.fill_runs((40, 60), [coco_rle.count_runs(mask) for mask in masks])
    np.testing.assert_array_equal(united, np.max(masks, axis=0))


@pytest.mark.parametrize("text", ["", "\n", "é", "P", "0P", "ooooooooo0", "0~"])
def test_a_text_that_is_not_coco_s_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  one text for each cause is not promised
        coco_rle.unpack_counts(text)


@pytest.mark.parametrize("counts", [[5], [7], [-1, 7], [2, -2, 6]])
def test_counts_of_another_size_are_refused(counts: list[int]) -> None:
    with pytest.raises(ValueError, match="do not add up to 3 x 2 pixels"):
        coco_rle.fill_runs((2, 3), [np.array(counts)])


class BitReader:
    """Reads bits as a text, one after the other."""

    def __init__(self, data: list[int]) -> None:
        self.bits = "".join(f"{byte:08b}" for byte in data)

    def read(self, size: int) -> int:
        taken, self.bits = self.bits[:size], self.bits[size:]
        return int(taken, 2)


def read_brush_slowly(data: list[int]) -> list[int]:
    """Read the stream as @thi.ng/rle-pack's `decode` does."""
    reader = BitReader(data)
    number, word = reader.read(32), reader.read(5) + 1
    sizes = [reader.read(4) + 1 for _ in range(4)]
    values: list[int] = []
    while len(values) < number:
        is_run = reader.read(1)
        length = reader.read(sizes[reader.read(2)]) + 1
        if is_run:
            values += [reader.read(word)] * length
        else:
            values += [reader.read(word) for _ in range(length)]
    return values


@pytest.mark.parametrize("size", [*SIZES, (300, 700)])
def test_brush_bytes_are_read_by_a_slow_reader(size: tuple[int, int]) -> None:
    for mask in build_masks(size)[: 3 if size == (300, 700) else None]:
        data = brush_rle.pack_brush(mask)
        assert read_brush_slowly(data) == np.repeat(mask.ravel(), 4).tolist()
        np.testing.assert_array_equal(brush_rle.unpack_brush(data, size), mask)


def test_a_brush_is_written_bit_by_bit() -> None:
    """One painted pixel beside an empty one: a run of 4 zeros and one of 4 times 255."""
    data = brush_rle.pack_brush(np.array([[0, 255]], np.uint8))
    header = f"{8:032b}" + f"{7:05b}" + "0010" + "0011" + "0111" + "1111"
    stream = header + "1" + "00" + "011" + "00000000" + "1" + "00" + "011" + "11111111"
    stream += "0" * (-len(stream) % 8)
    assert data == [int(stream[at : at + 8], 2) for at in range(0, len(stream), 8)]


def test_values_without_runs_and_other_sizes_are_read() -> None:
    """A stream that others write: colours of a brush, a value for each, sizes of 1, 5, 9 and 12."""
    values = [0, 0, 0, 0, 10, 20, 30, 90]
    header = f"{8:032b}" + f"{7:05b}" + "0000" + "0100" + "1000" + "1011"
    stream = header + "1" + "01" + f"{3:05b}" + "00000000" + "0" + "11" + f"{3:012b}"
    stream += "".join(f"{value:08b}" for value in values[4:])
    stream += "0" * (-len(stream) % 8)
    data = [int(stream[at : at + 8], 2) for at in range(0, len(stream), 8)]
    assert read_brush_slowly(data) == values
    assert brush_rle.unpack_brush(data, (1, 2)).tolist() == [[0, 255]]


def test_brush_bytes_that_are_damaged_are_refused() -> None:
    data = brush_rle.pack_brush(build_masks((6, 9))[4])
    for damaged in (data[:5], data[:20], data[:-3], [300, *data]):
        with pytest.raises(ValueError):  # noqa: PT011  one text for each cause is not promised
            brush_rle.unpack_brush(damaged, (6, 9))
    with pytest.raises(ValueError, match="not of 7 x 9 pixels"):
        brush_rle.unpack_brush(data, (9, 7))
