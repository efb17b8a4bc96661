"""No picture that is hidden in a file's metadata is in any file that is written from it."""

import base64

import pytest

from tests import hidden_files
from tests.hidden_pictures import HIDDEN, find_hidden
from tests.metadata_files import CAMERA
from vision.images import FORMATS, decode, encode, make_thumbnail
from vision.metadata.exif import rebuild_exif
from vision.metadata.icc import remove_foreign_parts
from vision.metadata.iptc import rebuild_iptc, write_iptc
from vision.metadata.xmp import rebuild_xmp, write_xmp

WRITABLE = [name for name, form in FORMATS.items() if form.writable]


@pytest.mark.parametrize("kind", HIDDEN)
@pytest.mark.parametrize("source", FORMATS)
def test_no_output_holds_a_hidden_picture(source: str, kind: str) -> None:
    data = hidden_files.build_hidden_file(source, HIDDEN[kind])
    assert find_hidden(data) == [kind]
    picture = decode(data)
    for name in WRITABLE:
        assert find_hidden(encode(picture, name)) == []
        assert find_hidden(encode(make_thumbnail(picture, longest_side=20), name)) == []
    if source not in ("GIF", "BMP"):
        assert CAMERA.encode() in (picture.exif or b"")
        assert picture.icc_profile
    if source != "BMP":
        assert b"Rating" in (picture.xmp or b"")
        assert any("Left out" in note for note in picture.notes)


@pytest.mark.parametrize("kind", HIDDEN)
def test_every_block_loses_what_is_hidden_and_keeps_the_rest(kind: str) -> None:
    hidden = HIDDEN[kind]
    exif = rebuild_exif(hidden_files.build_hidden_exif(hidden))
    xmp = rebuild_xmp([hidden_files.build_hidden_xmp(hidden)])
    iptc = rebuild_iptc(hidden_files.build_hidden_iptc(hidden))
    profile, was_changed = remove_foreign_parts(hidden_files.build_hidden_profile(hidden))
    packet = write_xmp(xmp.properties.values()) or b""
    for data in (exif.data or b"", packet, write_iptc(iptc.values), profile or b""):
        assert find_hidden(data) == []
    assert b"2026:01:02 03:04:05" in (exif.data or b"")
    assert b"tree" in packet
    assert b"Ulm" in packet
    assert iptc.values == [(116, "Ulm")]
    assert was_changed
    assert b"rTRC" in (profile or b"")
    assert "the camera maker's notes (EXIF MakerNote)" in exif.dropped
    assert "an embedded thumbnail (EXIF)" in exif.dropped


def test_the_search_finds_what_is_hidden_in_any_form() -> None:
    for name, hidden in HIDDEN.items():
        assert find_hidden(b"x" + hidden) == [name]
        assert find_hidden(b"x" + base64.b64encode(b"y" + hidden)) == [name]
        assert find_hidden(hidden.hex().encode()) == [name]
        assert find_hidden(hidden.decode("latin-1").encode()) == [name]
