"""XMP, built anew from the properties that `xmp_properties.toml` lists.

Format: ISO 16684-1:2019 (XMP part 1), a subset of RDF/XML.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from vision.metadata.plain_text import is_plain_text
from vision.metadata.xml import parse_xml

MAX_BYTES = 60_000
"""The most bytes of XMP that are kept: one segment of a JPEG holds 65,502."""

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_XML = "{http://www.w3.org/XML/1998/namespace}"
LANGUAGE = f"{_XML}lang"
DEFAULT_LANGUAGE = "x-default"
_ABOUT, _RESOURCE, _PARSE_TYPE = f"{RDF}about", f"{RDF}resource", f"{RDF}parseType"
_DESCRIPTION, _ITEM = f"{RDF}Description", f"{RDF}li"
ARRAYS = (f"{RDF}Bag", f"{RDF}Seq", f"{RDF}Alt")
_META = "{adobe:ns:meta/}xmpmeta"
_LANGUAGE_CODE = re.compile(r"[A-Za-z0-9-]{1,35}")
_MAX_DEPTH, _MAX_ITEMS, _MAX_NAMES = 5, 500, 8
_PACKET_START = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'.encode()
_PACKET_END = b'\n<?xpacket end="w"?>'


class _NotKept(Exception):
    """A property holds something that is not kept."""


@dataclass
class RebuiltXmp:
    """What was kept: properties by their `{namespace}name`; and what was left out, for people."""

    properties: dict[str, Element] = field(default_factory=dict)
    dropped: list[str] = field(default_factory=list)


def rebuild_xmp(packets: Iterable[bytes]) -> RebuiltXmp:
    """Return the listed properties in these packets, the file's own and its extension.

    Their texts must be plain and not long, so that none can hold a picture. A packet that can't be
    parsed is left out whole.
    """
    result = RebuiltXmp()
    names: list[str] = []
    for packet in packets:
        try:
            root = parse_xml(packet.strip(b"\0 \t\r\n"))
        except (ValueError, RecursionError):
            result.dropped.append("XMP, which is damaged or not allowed")
            continue
        for source in _iterate_properties(root):
            _add_property(source, result.properties, names)
    if names:
        more = f" and {len(names) - _MAX_NAMES} more" if len(names) > _MAX_NAMES else ""
        result.dropped.append(f"XMP {', '.join(names[:_MAX_NAMES])}{more}")
    return result


def read_properties(xmp: bytes) -> dict[str, Element]:
    """Return the properties of a packet that `write_xmp` wrote. Raises ValueError."""
    return {source.tag: source for source in _iterate_properties(parse_xml(xmp))}


def write_xmp(properties: Iterable[Element]) -> bytes | None:
    """Return a packet with these properties; None if there are none. Plain texts are attributes."""
    for prefix, uri in _list_prefixes():
        register_namespace(prefix, uri)
    root = Element(_META)
    description = SubElement(SubElement(root, f"{RDF}RDF"), _DESCRIPTION, {_ABOUT: ""})
    for source in properties:
        if len(source) or source.attrib:
            description.append(source)
        else:
            description.set(source.tag, source.text or "")
    if not len(description) and len(description.attrib) == 1:
        return None
    body: bytes = tostring(root, "utf-8")
    return _PACKET_START + body + _PACKET_END


def name_property(prefix: str, name: str) -> str:
    """Return `{namespace}name` of a property in one of the table's namespaces."""
    return f"{{{_load_table()[prefix]['uri']}}}{name}"


def _iterate_properties(root: Element) -> Iterator[Element]:
    """Yield the properties of all top-level descriptions, those in attributes as elements too."""
    for rdf in root.iter(f"{RDF}RDF"):
        for description in rdf.findall(_DESCRIPTION):
            for tag, text in description.attrib.items():
                if tag.startswith("{") and not tag.startswith((RDF, _XML)):
                    element = Element(tag)
                    element.text = text
                    yield element
            yield from description


def _add_property(source: Element, properties: dict[str, Element], names: list[str]) -> None:
    uri, _, name = source.tag.removeprefix("{").rpartition("}")
    lost: list[str] = []
    try:
        if not _is_listed(uri, name):
            raise _NotKept
        properties.setdefault(source.tag, _copy(source, 0, lost))
    except _NotKept:
        lost = [name]
    for each in lost:
        if each not in _load_table()["unsaid"]["names"] and each[:40] not in names:
            names.append(each[:40])


def _copy(source: Element, depth: int, lost: list[str]) -> Element:
    """Return a property, item or field with plain texts and listed fields.

    Adds the names of the items and fields in it that are left out to `lost`. Raises _NotKept.
    """
    if depth > _MAX_DEPTH:
        raise _NotKept
    target = Element(source.tag)
    language = source.get(LANGUAGE, "")
    if _LANGUAGE_CODE.fullmatch(language):
        target.set(LANGUAGE, language)
    fields = list(_iterate_fields(source))
    if len(source) == 1 and source[0].tag in ARRAYS:
        if len(source[0]) > _MAX_ITEMS:
            raise _NotKept
        name = source.tag.rpartition("}")[2]
        items = [item for item in source[0] if item.tag == _ITEM]
        _copy_inner(items, SubElement(target, source[0].tag), depth, lost, name)
    elif fields:
        target.set(_PARSE_TYPE, "Resource")
        _copy_inner(fields, target, depth, lost)
    elif len(source):
        raise _NotKept
    else:
        text = source.get(_RESOURCE, source.text or "").strip()
        if not is_plain_text(text):
            raise _NotKept
        target.text = text
    return target


def _copy_inner(
    sources: list[Element], target: Element, depth: int, lost: list[str], name: str = ""
) -> None:
    """Add the items or fields that are kept to `target`. Raises _NotKept if none of them is."""
    for each in sources:
        uri, _, own_name = each.tag.removeprefix("{").rpartition("}")
        try:
            if not name and uri not in _load_namespaces():
                raise _NotKept
            target.append(_copy(each, depth + 1, lost))
        except _NotKept:
            lost.append(name or own_name)
    if sources and not len(target):
        raise _NotKept


def _iterate_fields(source: Element) -> Iterator[Element]:
    """Yield the fields of a structure in any of its three notations."""
    inner = source[0] if len(source) == 1 and source[0].tag == _DESCRIPTION else source
    attributes = [Element(tag) for tag in inner.attrib]
    for element in attributes:
        element.text = inner.attrib[element.tag]
    for element in (*attributes, *inner):
        if not element.tag.startswith((RDF, _XML)):
            yield element


def limit_size(properties: dict[str, Element]) -> list[str]:
    """Leave out the longest properties until the rest fits in `MAX_BYTES`; return their names."""
    names = []
    sizes = {tag: len(tostring(element, "utf-8")) for tag, element in properties.items()}
    while sum(sizes.values()) > MAX_BYTES:
        longest = max(sizes, key=lambda tag: sizes[tag])
        names.append(longest.rpartition("}")[2])
        del sizes[longest], properties[longest]
    return names


def _is_listed(uri: str, name: str) -> bool:
    lists = _load_namespaces().get(uri)
    if lists is None:
        return False
    return name in lists["keep"] if "keep" in lists else name not in lists.get("except", ())


def _list_prefixes() -> Iterator[tuple[str, str]]:
    yield "x", "adobe:ns:meta/"
    yield "rdf", RDF.strip("{}")
    for uri, lists in _load_namespaces().items():
        yield str(lists["prefix"]), uri


@cache
def _load_namespaces() -> dict[str, dict[str, Any]]:
    """Return what is kept of each namespace, by its address."""
    spaces = {prefix: lists for prefix, lists in _load_table().items() if "uri" in lists}
    return {lists["uri"]: lists | {"prefix": prefix} for prefix, lists in spaces.items()}


@cache
def _load_table() -> dict[str, dict[str, Any]]:
    return tomllib.loads(Path(__file__).with_name("xmp_properties.toml").read_text("utf-8"))
