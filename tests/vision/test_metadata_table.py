"""The table of metadata in docs/pictures.md: each of its cells is true of real files."""

import functools
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.metadata_files import CAMERA, CAPTION
from tests.vision.full_files import (
    COMMENT,
    PANORAMA,
    PNG_OTHER,
    PNG_TITLE,
    STEPS,
    build_full_file,
)
from vision.images import FORMATS, Picture, decode, encode
from vision.metadata.xmp import read_properties, write_xmp

PAGE = Path(__file__).resolve().parents[2] / "docs" / "pictures.md"
NAMES = {form.title: name for name, form in FORMATS.items()}
Check = Callable[[bytes], bool]


def find_bytes(part: bytes) -> Check:
    return lambda data: part in data


def find_profile(data: bytes) -> bool:
    return b"acsp" in data or b"iCCP" in data


# By the beginning of a row: how to find the metadata in its own form, and in XMP.
KEPT: dict[str, tuple[Check, bytes]] = {
    "EXIF: camera": (find_bytes(CAMERA.encode()), b""),
    "XMP: 360": (find_bytes(PANORAMA), b""),
    "IPTC-IIM: caption": (
        find_bytes(b"\x1c\x02\x78\0" + bytes([len(CAPTION.encode())])),
        CAPTION.encode(),
    ),
    "text: Title": (find_bytes(b"Title\0" + PNG_TITLE.encode("latin-1")), PNG_TITLE.encode()),
    "text: other": (find_bytes(PNG_OTHER.encode()), b""),
    "comment": (
        lambda data: COMMENT.encode() in data.replace(find_xmp(data), b""),
        COMMENT.encode(),
    ),
    "colour profile": (find_profile, b""),
}
# By the beginning of a row: a part of the note that names it, or "|" between several.
SAID = {
    "EXIF: maker": "MakerNote",
    "EXIF: thumbnail": "an embedded thumbnail",
    "EXIF: other": "EXIF tags of the image",
    "XMP: thumbnails": STEPS,
    "IPTC-IIM: previews": "IPTC datasets (2:202)",
    "text: other": "parameters",
    "Motion": "the video of a Motion Photo",
    "further": "Further pictures",
    "thumbnails of": "a thumbnail (JFIF)",
    "content": "C2PA",
    "data of programs": "data of a program (APP5)|chunk 'prVt'",
    "data behind": "data behind",
}


def read_table() -> list[tuple[str, str, str, str]]:
    """Return (kind, format of the upload, format of the new file, cell) for each cell."""
    lines = [line.strip("| ") for line in PAGE.read_text("utf-8").splitlines()]
    start = next(i for i, line in enumerate(lines) if line.startswith("metadata | in uploads of"))
    outputs = lines[start].split(" | ")[2:]
    cells = []
    for line in lines[start + 2 :]:
        if not line:
            break
        kind, uploads, *row = line.split(" | ")
        for upload in uploads.split(", "):
            cells += [
                (kind, NAMES[upload], NAMES[output], cell)
                for output, cell in zip(outputs, row, strict=True)
            ]
    return cells


CELLS = read_table()


@functools.cache
def decode_full(name: str) -> Picture:
    return decode(build_full_file(name))


@functools.cache
def encode_full(upload: str, output: str) -> bytes:
    return encode(decode_full(upload), output)


def find_xmp(data: bytes) -> bytes:
    start, end = data.find(b"<x:xmpmeta"), data.find(b"</x:xmpmeta>")
    return data[start:end] if start >= 0 else b"\0no xmp"


def look_up[Value](table: dict[str, Value], kind: str) -> Value:
    return next(value for start, value in table.items() if kind.startswith(start))


@pytest.mark.parametrize(("kind", "upload", "output", "cell"), CELLS)
def test_the_cell_is_true(kind: str, upload: str, output: str, cell: str) -> None:
    data, notes = encode_full(upload, output), " ".join(decode_full(upload).notes)
    if cell == "said":
        assert any(part in notes for part in look_up(SAID, kind).split("|"))
        assert "left out" in notes.lower() or "only PNG" in notes
        return
    find, in_xmp = look_up(KEPT, kind)
    if cell == "kept":
        assert find(data)
    elif cell == "in XMP":
        assert in_xmp in find_xmp(data)
        assert not find(data)
    else:
        assert cell == "not possible"
        assert not find(data)
        assert find_xmp(data) == b"\0no xmp"


def test_the_table_has_every_format() -> None:
    assert {upload for _, upload, _, _ in CELLS} == set(FORMATS) - {"BMP"}
    assert {output for _, _, output, _ in CELLS} == {
        name for name, form in FORMATS.items() if form.writable
    }
    assert {cell for *_, cell in CELLS} == {"kept", "in XMP", "said", "not possible"}


def test_a_second_round_changes_nothing() -> None:
    for name in ("JPEG", "PNG", "TIFF"):
        first = decode(encode_full("JPEG", name))
        again = decode(encode(first, name))
        assert (again.exif, again.xmp, again.notes) == (first.exif, first.xmp, ())
        assert first.xmp
        assert write_xmp(read_properties(first.xmp).values()) == first.xmp
