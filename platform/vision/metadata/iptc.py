"""IPTC-IIM datasets, built anew from those that `iptc_datasets.toml` lists; their XMP.

Format: IPTC-NAA Information Interchange Model, version 4.2.
"""

import re
import struct
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from vision.metadata.plain_text import MAX_LENGTH, decode_plain_text
from vision.metadata.xmp import DEFAULT_LANGUAGE, LANGUAGE, RDF, name_property

_MARK, _ENVELOPE, _APPLICATION = 0x1C, 1, 2
_EXTENDED_SIZE = 0x8000
_UTF_8 = b"\x1c\x01\x5a\0\3\x1b%G"  # dataset 1:90, the character set
_VERSION = b"\x1c\x02\0\0\2\0\4"
_MAX_DATASETS, _MAX_BYTES = 500, 30_000
_DATE_CREATED = 55
_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)")


@dataclass
class RebuiltIptc:
    """What was kept: texts by the number of their dataset; and what was left out, for people."""

    values: list[tuple[int, str]] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)


def rebuild_iptc(data: bytes) -> RebuiltIptc:
    """Return the listed datasets of record 2 with plain texts."""
    result = RebuiltIptc()
    listed, numbers, at, total = _load_table()["datasets"], [], 0, 0
    while at + 5 <= len(data) and data[at] == _MARK:
        record, number, size = struct.unpack_from(">BBH", data, at + 1)
        at += 5
        if size >= _EXTENDED_SIZE:
            count = size - _EXTENDED_SIZE
            size, at = int.from_bytes(data[at : at + count], "big"), at + count
        value, at = data[at : at + size], at + size
        if record != _APPLICATION or number == 0 or not value.strip(b"\0 "):
            continue
        text = decode_plain_text(value.rstrip(b"\0")) if str(number) in listed else None
        total += len(value)
        if text is None or total > _MAX_BYTES or len(result.values) == _MAX_DATASETS:
            numbers.append(f"2:{number}")
        else:
            result.values.append((number, text))
    if numbers:
        names = list(dict.fromkeys(numbers))[:8]
        result.dropped.append(f"IPTC datasets ({', '.join(names)})")
    return result


def write_iptc(values: Iterable[tuple[int, str]]) -> bytes:
    """Return datasets of record 2, in UTF-8 where ASCII is not enough."""
    body = b""
    for number, text in values:
        encoded = text.encode()
        body += struct.pack(">BBBH", _MARK, _APPLICATION, number, len(encoded)) + encoded
    return (b"" if body.isascii() else _UTF_8) + _VERSION + body if body else b""


def add_iptc(properties: dict[str, Element], values: Iterable[tuple[int, str]]) -> None:
    """Add what IPTC says to properties of XMP, which win where both say something."""
    texts: dict[str, list[str]] = {}
    for number, text in values:
        if name := _load_table()["datasets"][str(number)]:
            date = _DATE.fullmatch(text) if number == _DATE_CREATED else None
            texts.setdefault(name, []).append("-".join(date.groups()) if date else text)
    _add_missing(properties, texts)


def add_texts(properties: dict[str, Element], texts: Iterable[tuple[str, str]]) -> list[str]:
    """Add texts with keywords of PNG to properties of XMP; return the keywords without a place."""
    found: dict[str, list[str]] = {}
    without: list[str] = []
    for keyword, text in texts:
        name = _load_table()["keywords"].get(keyword.lower())
        if name and len(text) <= MAX_LENGTH:
            found.setdefault(name, []).append(text)
        elif keyword not in _load_table()["unsaid"]["keywords"]:
            without.append(keyword)
    _add_missing(properties, found)
    return without


def _add_missing(properties: dict[str, Element], texts: dict[str, list[str]]) -> None:
    for name, values in texts.items():
        tag = name_property(*name.split(":"))
        if tag not in properties:
            properties[tag] = _build_property(tag, name, values)


def _build_property(tag: str, name: str, values: list[str]) -> Element:
    element = Element(tag)
    kinds = [kind for kind, names in _load_table()["kinds"].items() if name in names]
    if not kinds:
        element.text = values[0]
        return element
    array = SubElement(element, f"{RDF}{kinds[0]}")
    for value in values[:1] if kinds[0] == "Alt" else values:
        item = SubElement(array, f"{RDF}li")
        item.text = value
        if kinds[0] == "Alt":
            item.set(LANGUAGE, DEFAULT_LANGUAGE)
    return element


@cache
def _load_table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("iptc_datasets.toml").read_text("utf-8"))
