"""The metadata of an opened file: found, rebuilt, and what was left out put into words."""

from dataclasses import dataclass, field

from PIL import Image

from vision.metadata.blocks.found import Blocks
from vision.metadata.blocks.jpeg import read_jpeg
from vision.metadata.blocks.others import read_boxes, read_gif, read_tiff, read_webp
from vision.metadata.blocks.png import read_png
from vision.metadata.exif import RebuiltExif, rebuild_exif
from vision.metadata.iptc import add_iptc, add_texts, rebuild_iptc, write_iptc
from vision.metadata.plain_text import decode_plain_text
from vision.metadata.xmp import limit_size, rebuild_xmp, write_xmp

_MAX_PNG_TEXT = 16_000  # at most four bytes each: a JPEG's comment holds 65,533 bytes
_MAX_KEYWORD, _MAX_TEXTS = 79, 200_000  # letters of a keyword; bytes of all texts


@dataclass
class Metadata:
    """The rebuilt blocks, the orientation to apply (1..8), and notes for people.

    `texts`: pairs of keyword and text, as a PNG has them.
    """

    exif: bytes | None = None
    xmp: bytes | None = None
    iptc: bytes | None = None
    texts: list[tuple[str, str]] = field(default_factory=list)
    orientation: int = 1
    notes: list[str] = field(default_factory=list)


def read_metadata(image: Image.Image, data: bytes) -> Metadata:
    """Return the metadata of the file `data`, opened as `image`. Damage in it fails no photo."""
    blocks = _find_blocks(image, data)
    exif = RebuiltExif()
    if blocks.exif:
        exif = rebuild_exif(blocks.exif, has_pages=image.format == "TIFF")
    iptc, xmp = rebuild_iptc(blocks.iptc), rebuild_xmp(blocks.xmp)
    add_iptc(xmp.properties, iptc.values)
    texts, refused = _check_texts(blocks.texts)
    only_in_png = add_texts(xmp.properties, texts)
    if too_long := limit_size(xmp.properties):
        xmp.dropped.append(f"long properties of XMP ({', '.join(too_long)})")
    notes = ["The metadata (EXIF) is damaged and was left out"] if exif.is_damaged else []
    dropped = dict.fromkeys([*exif.dropped, *xmp.dropped, *iptc.dropped, *blocks.dropped, *refused])
    if dropped:
        notes.append(f"Left out of edited and converted files: {', '.join(dropped)}")
    if only_in_png:
        notes.append(f"Texts that only PNG files keep: {', '.join(map(ascii, only_in_png[:8]))}")
    return Metadata(
        exif=exif.data,
        xmp=write_xmp(xmp.properties.values()),
        iptc=write_iptc(iptc.values) or None,
        texts=texts,
        orientation=exif.orientation,
        notes=notes + blocks.notes,
    )


def _find_blocks(image: Image.Image, data: bytes) -> Blocks:
    if image.format in ("AVIF", "HEIF"):
        return read_boxes(data, image.info)
    if image.format == "GIF":
        return read_gif(data, image.info)
    readers = {"JPEG": read_jpeg, "PNG": read_png, "WEBP": read_webp, "TIFF": read_tiff}
    reader = readers.get(str(image.format))
    return reader(data) if reader else Blocks()


def _check_texts(raw: list[tuple[str, bytes]]) -> tuple[list[tuple[str, str]], list[str]]:
    """Return (the plain texts, the names of the others). Refused are also long or many texts."""
    texts, refused, total = [], [], 0
    for keyword, data in raw:
        text = decode_plain_text(data.strip(b"\0"), max_length=_MAX_PNG_TEXT)
        is_named = 0 < len(keyword) <= _MAX_KEYWORD and keyword.isprintable()
        total += len(keyword) + len(data)
        if text is None or not is_named or total > _MAX_TEXTS:
            refused.append(f"text {keyword[:40]!a}")
        elif text.strip():
            texts.append((keyword, text))
    return texts, refused
