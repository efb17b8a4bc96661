"""Metadata that is kept, and how unknown blocks of it are read safely."""

import struct
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests import images, metadata_files
from tests.metadata_files import build_bytes, build_text
from tests.vision.full_files import build_full_file
from vision.detectors.base import Box
from vision.files import Engines, remove_from_file
from vision.images import decode, encode
from vision.inpainters.registry import load_inpainter
from vision.metadata.directories import BYTE, SHORT, Field, build_numbers
from vision.metadata.exif import PREFIX, read_tree, rebuild_exif
from vision.metadata.iptc import rebuild_iptc, write_iptc
from vision.metadata.plain_text import decode_plain_text, is_plain_text
from vision.metadata.reading import read_metadata
from vision.metadata.statement import choose_source_type, state_edit
from vision.metadata.xml import parse_xml
from vision.metadata.xmp import name_property, read_properties, rebuild_xmp, write_xmp
from vision.selections import Selection
from vision.weights import ModelStore

MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
VOCABULARY = "http://cv.iptc.org/newscodes/digitalsourcetype/"


def rebuild_packet(descriptions: str) -> str:
    result = rebuild_xmp([metadata_files.build_xmp(descriptions)])
    return (write_xmp(result.properties.values()) or b"").decode()


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "latin-1"])
@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_texts_of_exif_keep_their_bytes(name: str, encoding: str) -> None:
    text = "© Zoë, Café".encode(encoding)
    exif = PREFIX + metadata_files.build_exif({33432: build_text(text)})
    assert text + b"\0" in encode(decode(images.build_jpeg(exif=exif)), name)


@pytest.mark.parametrize("encoding", ["cp932", "gb18030"])
def test_japanese_and_chinese_texts_are_plain(encoding: str) -> None:
    assert decode_plain_text("東京の写真".encode(encoding)) is not None


def test_windows_and_user_texts_of_exif_are_kept() -> None:
    title = "Grüße 写真".encode("utf-16-le")
    comment = b"UNICODE\0" + "Ça va".encode("utf-16-le")
    exif = metadata_files.build_exif({40091: Field(BYTE, title)}, {37510: build_bytes(comment)})
    rebuilt = rebuild_exif(exif).data or b""
    assert title in rebuilt
    assert comment in rebuilt


def test_the_stated_size_is_turned_with_the_picture() -> None:
    size = {40962: build_numbers(SHORT, 64), 40963: build_numbers(SHORT, 48)}
    exif = rebuild_exif(metadata_files.build_exif({274: build_numbers(SHORT, 6)}, size))
    fields, inner = read_tree(exif.data or b"")
    camera, _ = inner[34665]
    assert exif.orientation == 6
    assert fields[274].read_numbers() == (1,)
    assert (camera[40962].read_numbers(), camera[40963].read_numbers()) == ((48,), (64,))


def test_exif_of_a_bigtiff_is_read() -> None:
    text = b"Big camera\0"
    header = b"II+\0" + struct.pack("<HHQ", 8, 0, 16)
    entry = struct.pack("<QHHQQ", 1, 272, 2, len(text), 16 + 8 + 20 + 8)
    assert text in (rebuild_exif(header + entry + bytes(8) + text).data or b"")


def test_exif_that_is_too_long_is_named() -> None:
    texts = {tag: build_text("写真 " * 1300) for tag in (270, 271, 305, 315, 316, 33432)}
    exif = rebuild_exif(metadata_files.build_exif(texts, {42036: build_text("写真 " * 1300)}))
    assert exif.data is None
    assert exif.dropped == ["EXIF, which is too long"]


@pytest.mark.parametrize(
    "xml",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>',
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>',
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x><x/>'.encode("utf-16"),
        b"<x>" * 60 + b"</x>" * 60,
        b"<x>",
        b"\xff\xd8\xff",
        b"<x>" + b" " * 2**24 + b"</x>",
    ],
)
def test_xml_that_is_not_safe_is_refused(xml: bytes) -> None:
    with pytest.raises(ValueError, match="XML"):
        parse_xml(xml)
    assert rebuild_xmp([xml]).dropped == ["XMP, which is damaged or not allowed"]


def test_all_notations_of_xmp_are_understood() -> None:
    packet = rebuild_packet(
        '<rdf:Description xmp:Rating="4"/><rdf:Description>'
        "<dc:creator><rdf:Seq><rdf:li>Zoë &amp; Co</rdf:li></rdf:Seq></dc:creator>"
        '<dc:source rdf:resource="https://vanish.example/1"/>'
        '<Iptc4xmpCore:CreatorContactInfo Iptc4xmpCore:CiAdrCity="Ulm"/>'
        "</rdf:Description>"
    )
    for part in ('Rating="4"', "<rdf:li>Zoë &amp; Co<", "vanish.example/1", "Ulm"):
        assert part in packet
    assert read_properties(packet.encode()).keys() >= {name_property("dc", "creator")}


def test_a_motion_photo_is_no_longer_called_one() -> None:
    result = rebuild_xmp(
        [metadata_files.build_xmp('<rdf:Description GCamera:MotionPhoto="1" xmp:Rating="4"/>')]
    )
    assert [tag.rpartition("}")[2] for tag in result.properties] == ["Rating"]
    assert result.dropped == ["XMP MotionPhoto"]


def test_xmp_fits_in_a_jpeg() -> None:
    parts = [f"<dc:x{i}>{'ab cde ' * 500}</dc:x{i}>" for i in range(30)]
    xmp = metadata_files.build_xmp(f"<rdf:Description>{''.join(parts)}</rdf:Description>")
    chunk = metadata_files.build_png_text("XML:com.adobe.xmp", xmp.decode())
    picture = decode(metadata_files.add_chunks(images.build_png(), chunk))
    assert 40_000 < len(picture.xmp or b"") < 65_000
    assert any("long properties of XMP" in note for note in picture.notes)
    assert decode(encode(picture, "JPEG")).xmp == picture.xmp


def test_a_bmp_says_that_it_has_no_place_for_metadata(tmp_path: Path) -> None:
    (tmp_path / "in.jpg").write_bytes(images.build_jpeg(exif=images.build_exif(1)))
    store, notes = ModelStore(tmp_path), list[str]()
    remove_from_file(
        tmp_path / "in.jpg",
        tmp_path / "out.bmp",
        Selection(boxes=[Box(x=10, y=10, width=6, height=6)]),
        Engines(store, load_inpainter("patchmatch", store)),
        notify=notes.append,
    )
    assert any("BMP files have no place for metadata" in note for note in notes)


def test_iptc_becomes_utf_8() -> None:
    result = rebuild_iptc(b"\x1c\x02\x74\0\x04\xa9 \xcb!" + b"\x1c\x02\x00\0\2\0\4")
    assert result.values == [(116, "© Ë!")]
    assert write_iptc(result.values).startswith(b"\x1c\x01\x5a\0\3\x1b%G")


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "TIFF", "GIF"])
def test_damage_anywhere_raises_nothing(name: str) -> None:
    data, image = build_full_file(name), Image.new("L", (1, 1))
    image.format = name
    for seed in range(100):
        damaged = bytearray(data)
        for place in np.random.default_rng(seed).integers(0, len(data), 8):
            damaged[place] = (0, 255, 128)[seed % 3]
        read_metadata(image, bytes(damaged))


@pytest.mark.parametrize("size", [b"\xff\xff", b"\x80\x04\xff\xff\xff\xff", b"\0"])
def test_damaged_iptc_ends_where_it_is_damaged(size: bytes) -> None:
    assert rebuild_iptc(metadata_files.build_iptc({116: b"Ulm"}) + b"\x1c\x02\x78" + size).values


def test_a_description_wins_over_iptc_and_text() -> None:
    xmp = metadata_files.build_xmp("<rdf:Description><dc:title>of XMP</dc:title></rdf:Description>")
    png = metadata_files.add_chunks(
        images.build_png(),
        metadata_files.build_png_text("XML:com.adobe.xmp", xmp.decode()),
        metadata_files.build_png_text("Title", "of the text"),
    )
    picture = decode(png)
    assert b"of XMP" in (picture.xmp or b"")
    assert b"of the text" not in (picture.xmp or b"")
    assert picture.texts == (("Title", "of the text"),)


@pytest.mark.parametrize(
    ("text", "is_plain"),
    [
        ("A caption – with “quotes”, 写真, 👩‍👩‍👧 and\nlines", True),
        ("https://vanish.example/" + "a1b2/" * 20, True),
        ("x" * 5000, False),
        ("one\0two", False),
        ("\ufffd", False),
        ("abc" * 100, False),
        ("QUJD0123456789+/" * 8, False),
        ("\n".join("QUJD0123456789+/" * 4 + f"{i:02}" for i in range(9)), False),
    ],
)
def test_plain_texts_are_told_from_data(text: str, is_plain: bool) -> None:
    assert is_plain_text(text) == is_plain


@pytest.mark.parametrize(
    ("inpainters", "term"),
    [
        ({"hifill"}, "compositeWithTrainedAlgorithmicMedia"),
        ({"hifill", "patchmatch"}, "compositeWithTrainedAlgorithmicMedia"),
        ({"patchmatch"}, "humanEdits"),
    ],
)
def test_the_source_type_fits_the_inpainters(inpainters: set[str], term: str) -> None:
    assert choose_source_type(inpainters) == VOCABULARY + term


def test_a_statement_is_added_to_what_is_there() -> None:
    before = rebuild_packet('<rdf:Description xmp:Rating="4"/>').encode()
    for xmp in (before, None):
        stated = state_edit(xmp, source_type=f"{VOCABULARY}humanEdits", moment=MOMENT).decode()
        for part in ("digitalsourcetype/humanEdits", ">edited<", ">Vanish<", "2026-01-02T03:04:05"):
            assert part in stated
        assert (b"Rating" in (xmp or b"")) == ("Rating" in stated)
