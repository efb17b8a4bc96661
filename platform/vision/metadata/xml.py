"""XML from unknown files: parsed without document types, so without entities and links."""

from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

MAX_BYTES = 16 * 2**20
MAX_DEPTH = 50


def parse_xml(data: bytes) -> Element:
    """Return the root element; names are `{namespace}name`.

    Raises ValueError for XML that is not well formed, longer than 16 MB, nested more than 50 deep,
    or with a document type, where entities that expand to gigabytes are defined.
    """
    if len(data) > MAX_BYTES:
        raise ValueError("the XML is too long")
    builder, depth = TreeBuilder(), 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise ValueError("the XML is nested too deep")
        builder.start(_to_tag(name), {_to_tag(key): text for key, text in attributes.items()})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_to_tag(name))

    def refuse(*_: object) -> None:
        raise ValueError("the XML has a document type")

    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise ValueError(f"the XML is damaged: {error}") from None
    return builder.close()


def _to_tag(name: str) -> str:
    return f"{{{name}" if "}" in name else name
