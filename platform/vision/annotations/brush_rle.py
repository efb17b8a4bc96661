"""The run lengths of Label Studio's brush.

The format is that of @thi.ng/rle-pack, which Label Studio uses for the bytes of an RGBA picture
(`label_studio_converter/brush.py` in HumanSignal/label-studio-converter reads and writes it). It is
a stream of bits, the highest first: 32 bits with the number of values; 5 bits with the size of a
value, less 1; four times 4 bits with a size for lengths, less 1; then runs. A run is 1 bit (1: one
value for all, 0: a value for each), 2 bits that choose one of the four sizes, the length less 1,
and its value or values. What the brush painted has an alpha above 0.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vision.masks import Mask

_CHANNELS = 4
_VALUE_BITS = 8
_LENGTH_BITS = (3, 4, 8, 16)
_HEADER_BYTES = 8
_HEADER_BITS = 32 + 5 + 4 * 4
_MAX_RUNS = 2_000_000


def pack_brush(mask: Mask) -> list[int]:
    """Return the bytes of a mask, [H,W]; what is not 0 is painted white and opaque."""
    flat = (mask != 0).ravel()
    edges = np.concatenate([[0], np.flatnonzero(flat[1:] != flat[:-1]) + 1, [flat.size]])
    lengths, values = _split_long_runs(np.diff(edges) * _CHANNELS, flat[edges[:-1]])
    choices = np.searchsorted([2**bits for bits in _LENGTH_BITS], lengths)
    sizes = np.array(_LENGTH_BITS)[choices]
    codes = (0b100 | choices) << sizes | (lengths - 1)
    codes = codes << _VALUE_BITS | values * 255
    header = flat.size * _CHANNELS
    for number, bits in ((_VALUE_BITS - 1, 5), *((size - 1, 4) for size in _LENGTH_BITS)):
        header = header << bits | number
    stream = np.concatenate(
        [
            _write_bits(np.array([header]), np.array([_HEADER_BITS])),
            _write_bits(codes, 3 + sizes + _VALUE_BITS),
        ]
    )
    packed: list[int] = np.packbits(stream).tolist()
    return packed


def _split_long_runs(
    lengths: NDArray[np.int64], values: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Split runs that are longer than a length can say; return lengths and values, 0 or 1."""
    longest = 2 ** _LENGTH_BITS[-1]
    parts = -(-lengths // longest)
    split = np.full(int(parts.sum()), longest, np.int64)
    split[np.cumsum(parts) - 1] = lengths - (parts - 1) * longest
    return split, np.repeat(values.astype(np.int64), parts)


def _write_bits(numbers: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Return each number in as many bits as its size, one after the other."""
    places = np.arange(int(sizes.max()) - 1, -1, -1)
    bits = (numbers[:, None] >> places) & 1
    return bits[places < sizes[:, None]].astype(np.uint8)


def unpack_brush(data: Sequence[int], size: tuple[int, int]) -> Mask:
    """Return what the brush painted, [H,W] uint8, 255 = painted; `size`: (height, width).

    Raises ValueError if the bytes are not of a picture of this size.
    """
    height, width = size
    stream = bytes(data)
    head = int.from_bytes(stream[:_HEADER_BYTES], "big") >> (8 * _HEADER_BYTES - _HEADER_BITS)
    length_bits = [(head >> shift & 0b1111) + 1 for shift in (12, 8, 4, 0)]
    if len(stream) < _HEADER_BYTES or head >> 21 != height * width * _CHANNELS:
        raise ValueError(f"bytes that are not of {width} x {height} pixels")
    if (head >> 16 & 0b11111) + 1 != _VALUE_BITS:
        raise ValueError("values that are not bytes")
    values = _read_runs(stream, height * width * _CHANNELS, length_bits)
    alpha = values.reshape(height, width, _CHANNELS)[:, :, -1]
    return np.where(alpha > 0, np.uint8(255), np.uint8(0))


def _read_runs(stream: bytes, total: int, length_bits: Sequence[int]) -> NDArray[np.uint8]:
    values = np.zeros(total, np.uint8)
    place, at, runs = 0, _HEADER_BITS, 0
    while place < total:
        runs += 1
        if at >= 8 * len(stream) or runs > _MAX_RUNS:
            raise ValueError("bytes that break off, or too many runs")
        # A run with one value has at most 27 bits; up to 7 before it are in the same byte.
        ahead = int.from_bytes(stream[at // 8 : at // 8 + 8].ljust(8, b"\0"), "big")
        ahead = (ahead << at % 8) & (2**64 - 1)
        bits = length_bits[ahead >> 61 & 0b11]
        length = (ahead >> (61 - bits) & (2**bits - 1)) + 1
        at += 3 + bits
        if place + length > total:
            raise ValueError("runs that are longer than the picture")
        if ahead >> 63:
            value = ahead >> (61 - bits - _VALUE_BITS) & 255
            at += _VALUE_BITS
            if value:
                values[place : place + length] = value
        else:
            values[place : place + length] = _read_values(stream, at, length)
            at += _VALUE_BITS * length
        place += length
    return values


def _read_values(stream: bytes, at: int, length: int) -> NDArray[np.uint8]:
    """Read bytes that begin at any bit."""
    end = at + _VALUE_BITS * length
    bits = np.unpackbits(np.frombuffer(stream[at // 8 : -(-end // 8)], np.uint8))
    values = np.packbits(bits[at % 8 : at % 8 + _VALUE_BITS * length])
    if len(values) != length or end > 8 * len(stream):
        raise ValueError("bytes that break off")
    return values
