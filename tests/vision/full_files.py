"""Files of every input format with metadata of every kind that docs/pictures.md lists."""

import struct

from tests import heic, images, metadata_files
from tests.metadata_files import CAPTION, build_bytes, build_png_text, build_text
from vision.metadata.directories import ASCII, BYTE, UNDEFINED, Field

PROFILE = images.build_profile()
PANORAMA, STEPS = b"equirectangular", "CropAngle"
PNG_TITLE, PNG_OTHER, COMMENT = "A title ½", "steps: 20", "A comment, 例"
_SCENE = images.build_scene(64, 48)
_XMP = metadata_files.build_xmp(
    '<rdf:Description xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/" crs:CropAngle="2" '
    f'GPano:ProjectionType="{PANORAMA.decode()}" xmp:Rating="4"/>'
)
_EXIF = metadata_files.build_exif(
    {0x501B: build_bytes(b"preview")},
    {37500: build_bytes(b"NOTE"), 37510: build_bytes(b"ASCII\0\0\0seen")},
    thumbnail=metadata_files.build_thumbnail(b"thumbnail"),
)
_IPTC = metadata_files.build_iptc({120: CAPTION.encode(), 202: b"preview"})
_VIDEO = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\0\x08mdat"
_MPVD = struct.pack(">I", 8 + len(_VIDEO)) + b"mpvd" + _VIDEO


def build_full_file(name: str) -> bytes:
    """Return a file of Pillow's format `name` with all metadata that it can have."""
    return _BUILDERS[name]()


def _build_jpeg() -> bytes:
    resources = metadata_files.build_resources({0x0404: _IPTC, 0x040C: b"thumbnail"})
    jfif = b"JFIF\0\1\2\0\0\1\0\1\1\1" + bytes(3)
    return (
        metadata_files.add_segments(
            images.encode_pixels(_SCENE, "JPEG", icc_profile=PROFILE),
            (0xE0, jfif),
            (0xE1, b"Exif\0\0" + _EXIF),
            (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + _XMP),
            (0xE2, b"urn:iso:std:iso:ts:21496:-1\0" + b"gain map"),
            (0xE5, b"program"),
            (0xEB, b"JP" + b"credentials"),
            (0xED, b"Photoshop 3.0\0" + resources),
            (0xFE, COMMENT.encode()),
        )
        + _VIDEO
    )


def _build_png() -> bytes:
    png = metadata_files.add_chunks(
        images.encode_pixels(_SCENE, "PNG", icc_profile=PROFILE),
        (b"eXIf", _EXIF),
        (b"tEXt", b"Title\0" + PNG_TITLE.encode("latin-1")),
        build_png_text("parameters", PNG_OTHER),
        build_png_text("Comment", COMMENT),
        build_png_text("XML:com.adobe.xmp", _XMP.decode()),
        (b"caBX", b"credentials"),
        (b"prVt", b"program"),
    )
    return png + b"behind"


def _build_webp() -> bytes:
    webp = metadata_files.add_riff_chunks(
        images.encode_pixels(_SCENE, "WEBP", icc_profile=PROFILE, exif=_EXIF, xmp=_XMP),
        (b"C2PA", b"credentials"),
        (b"prVt", b"program"),
    )
    return webp + b"behind"


def _build_tiff() -> bytes:
    fields = {
        272: build_text(metadata_files.CAMERA),
        330: Field(4, struct.pack("<I", 8)),
        700: Field(BYTE, _XMP),
        33723: Field(UNDEFINED, _IPTC),
        34675: Field(UNDEFINED, PROFILE),
        65000: Field(ASCII, b"private\0"),
    }
    return metadata_files.add_tiff_fields(images.encode_pixels(_SCENE, "TIFF"), fields)


def _build_avif() -> bytes:
    exif = b"Exif\0\0" + _EXIF
    return images.encode_pixels(_SCENE, "AVIF", icc_profile=PROFILE, exif=exif, xmp=_XMP) + _MPVD


def _build_heic() -> bytes:
    return metadata_files.add_heic_items(heic.read_heic("icc"), exif=_EXIF, xmp=_XMP) + _MPVD


def _build_gif() -> bytes:
    gif = images.encode_pixels(_SCENE, "GIF", comment=COMMENT.encode())
    return gif[:-1] + metadata_files.build_gif_xmp(_XMP) + b";"


_BUILDERS = {
    "JPEG": _build_jpeg,
    "PNG": _build_png,
    "WEBP": _build_webp,
    "TIFF": _build_tiff,
    "AVIF": _build_avif,
    "HEIF": _build_heic,
    "GIF": _build_gif,
}
