"""The chunks of a PNG that hold metadata (W3C PNG, third edition, 11.3.3; XMP part 3, 1.1.5)."""

from vision.images.picture import Picture

_XMP_KEYWORD = b"XML:com.adobe.xmp"
# The keyword's end, two zeros for no compression, no language, no translated keyword.
_NOT_COMPRESSED = b"\0" * 5


def build_metadata_chunks(picture: Picture) -> list[tuple[bytes, bytes]]:
    """Return (name, data) of the chunks for the picture's XMP and texts."""
    chunks = [_build_text_chunk(keyword, text) for keyword, text in picture.texts]
    if picture.xmp:
        chunks.append((b"iTXt", _XMP_KEYWORD + _NOT_COMPRESSED + picture.xmp))
    return chunks


def _build_text_chunk(keyword: str, text: str) -> tuple[bytes, bytes]:
    name = keyword.encode("latin-1")
    try:
        return b"tEXt", name + b"\0" + text.encode("latin-1")
    except UnicodeEncodeError:
        return b"iTXt", name + _NOT_COMPRESSED + text.encode()
