"""Malicious and damaged files."""

import struct
import zlib

import numpy as np

from tests import images

END = (b"IEND", b"")


def build_jpeg_with_scans(scans: int) -> bytes:
    """Return a valid progressive JPEG of 1024 x 1024 pixels with more than `scans` scans."""
    data = images.encode_pixels(np.full((1024, 1024), 128, np.uint8), "JPEG", progressive=True)
    # The last scan of a flat picture is a few bytes that change nothing, yet visit every block.
    start = data.rindex(b"\xff\xda")
    scan = data[start:-2]
    return data[:start] + scan * scans + b"\xff\xd9"


def build_png_with_false_size(width: int, height: int) -> bytes:
    """Return a PNG of about a hundred bytes whose header claims this size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return images.join_png_chunks((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 100)), END)


def build_png_bomb(width: int, height: int) -> bytes:
    """Return a white RGB PNG of this size in pixels, compressed to a few percent."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    compressor = zlib.compressobj(1)
    row = b"\0" + b"\xff" * 3 * width
    content = b"".join(compressor.compress(row) for _ in range(height)) + compressor.flush()
    return images.join_png_chunks((b"IHDR", header), (b"IDAT", content), END)


def build_png_with_bomb_chunk(name: bytes) -> bytes:
    """Return a small PNG whose iCCP or zTXt chunk decompresses to 300 MB."""
    compressor = zlib.compressobj(9)
    megabyte = bytes(2**20)
    compressed = b"".join(compressor.compress(megabyte) for _ in range(300)) + compressor.flush()
    header = struct.pack(">IIBBBBB", 4, 4, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0\x80\x80\x80\x80" * 4)
    bomb = (name, b"name\0\0" + compressed)
    return images.join_png_chunks((b"IHDR", header), bomb, (b"IDAT", rows), END)


def build_png_with_false_frame_count(frames: int) -> bytes:
    """Return a PNG of one frame whose animation header claims `frames` frames."""
    data = images.build_png(32, 24)
    control = struct.pack(">II", frames, 0)
    frame = struct.pack(">IIIIIHHBB", 0, 32, 24, 0, 0, 1, 10, 0, 0)
    chunks = images.join_png_chunks((b"acTL", control), (b"fcTL", frame))[8:]
    return data[:33] + chunks + data[33:]


def build_webp_with_false_size(width: int, height: int) -> bytes:
    """Return a WebP whose extended header claims this size."""
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    content = b"WEBPVP8X" + struct.pack("<I", 10) + b"\x02\0\0\0" + size
    return b"RIFF" + struct.pack("<I", len(content)) + content


POSTSCRIPT = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) (r) file\n"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog>>endobj\n"
HTML = b"<!doctype html><title>not a picture</title>"
