"""Files of every input format with a picture hidden in each place that could hold one."""

import base64
import struct
import zlib

from tests import heic, images, metadata_files, profiles
from tests.metadata_files import build_bytes, build_text
from vision.metadata.directories import BYTE, LONG, Directory, Field

_SCENE = images.build_scene(64, 48)


def build_hidden_file(name: str, hidden: bytes) -> bytes:
    """Return a file of Pillow's format `name` with `hidden` in each of its places for data."""
    builders = {
        "JPEG": _build_jpeg,
        "PNG": _build_png,
        "WEBP": _build_webp,
        "TIFF": _build_tiff,
        "AVIF": _build_avif,
        "HEIF": _build_heic,
        "GIF": _build_gif,
        "BMP": _build_bmp,
    }
    return builders[name](hidden)


def build_hidden_exif(hidden: bytes) -> bytes:
    """Return EXIF with `hidden` in a maker's note, a thumbnail, and tags for texts and numbers."""
    uncompressed = {273: Field(LONG, struct.pack("<I", 8)), 279: build_bytes(hidden)}
    image = _hide_in_image_tags(hidden) | {0x501B: build_bytes(hidden)}
    camera = {
        37500: build_bytes(b"NOTE\0\0" + hidden),
        37510: build_bytes(b"ASCII\0\0\0" + hidden),
        36867: build_text("2026:01:02 03:04:05"),
        36864: build_bytes(hidden),
        41729: build_bytes(hidden),
        34855: Field(BYTE, hidden),
        42016: build_text(hidden),
        42036: build_text(base64.b64encode(hidden)),
    }
    location = {27: build_bytes(b"UNICODE\0" + hidden), 28: build_bytes(bytes(8) + hidden)}
    thumbnail = metadata_files.build_thumbnail(hidden) | uncompressed
    return metadata_files.build_exif(image, camera, location, thumbnail=thumbnail)


def _hide_in_image_tags(hidden: bytes) -> Directory:
    return {
        270: build_text(hidden.replace(b"\0", b"\1")),
        315: build_text(hidden.hex()),
        316: build_text(base64.encodebytes(hidden)),
        283: Field(LONG, hidden[: len(hidden) // 4 * 4]),
        18246: build_bytes(hidden),
        40092: Field(BYTE, hidden),
        50341: build_bytes(b"PrintIM\0" + hidden),
        59932: build_bytes(hidden),
    }


def build_hidden_xmp(hidden: bytes) -> bytes:
    """Return XMP with `hidden` in thumbnails, a depth map, and properties that are kept."""
    encoded = base64.b64encode(hidden).decode()
    in_lines = base64.encodebytes(hidden).decode()
    thumbnail = (
        f'<rdf:li rdf:parseType="Resource"><xmpGImg:image>{encoded}</xmpGImg:image></rdf:li>'
    )
    return metadata_files.build_xmp(
        f'<rdf:Description GImage:Data="{encoded}" photoshop:Headline="{encoded}" xmp:Rating="4">'
        f"<xmp:Thumbnails><rdf:Alt>{thumbnail}</rdf:Alt></xmp:Thumbnails>"
        f"<dc:source>{hidden.hex()}</dc:source>"
        f"<dc:subject><rdf:Bag>{thumbnail}<rdf:li>tree</rdf:li></rdf:Bag></dc:subject>"
        f"<dc:description><rdf:Alt><rdf:li>{in_lines}</rdf:li></rdf:Alt></dc:description>"
        f"<GPano:ProjectionType>{in_lines}</GPano:ProjectionType>"
        f"<Iptc4xmpCore:CreatorContactInfo rdf:parseType='Resource'><xmpGImg:image>{encoded}"
        f"</xmpGImg:image><Iptc4xmpCore:CiAdrCity>Ulm</Iptc4xmpCore:CiAdrCity>"
        f"</Iptc4xmpCore:CreatorContactInfo></rdf:Description>"
    )


def build_hidden_iptc(hidden: bytes) -> bytes:
    """Return IPTC with `hidden` in its preview, its rasterized caption and its texts."""
    text = base64.encodebytes(hidden)
    return metadata_files.build_iptc(
        {116: b"Ulm", 202: hidden, 125: hidden, 120: hidden, 80: text, 105: hidden.hex().encode()}
    )


def build_hidden_profile(hidden: bytes) -> bytes:
    """Return a colour profile with `hidden` in a tag of its own, in a text, and behind its end."""
    text = b"text\0\0\0\0" + hidden
    tags = {b"cprt": text, b"prvt": hidden, b"desc": b"desc" + struct.pack(">II", 0, 1) + hidden}
    return profiles.build_rgb(tags) + hidden


def _build_jpeg(hidden: bytes) -> bytes:
    resources = metadata_files.build_resources(
        {0x0404: build_hidden_iptc(hidden), 0x0409: hidden, 0x040C: hidden, 0x0BB7: hidden}
    )
    extension = build_hidden_xmp(hidden).replace(b"Rating", b"Label")
    profile = build_hidden_profile(hidden)
    jfif = b"JFIF\0\1\2\1\0\x48\0\x48" + bytes((8, 8)) + hidden
    jpeg = metadata_files.add_segments(
        images.encode_pixels(_SCENE, "JPEG", quality=60),
        (0xE0, jfif),
        (0xE0, b"JFXX\0\x10" + hidden),
        (0xE1, b"Exif\0\0" + build_hidden_exif(hidden)),
        (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + build_hidden_xmp(hidden)),
        (0xE1, b"http://ns.adobe.com/xmp/extension/\0" + bytes(40) + extension),
        (0xE2, b"ICC_PROFILE\0\1\1" + profile),
        (0xE2, b"MPF\0" + hidden),
        (0xE2, b"FPXR\0" + hidden),
        (0xE5, hidden),
        (0xEB, b"JP" + hidden),
        (0xED, b"Photoshop 3.0\0" + resources),
        (0xFE, hidden),
    )
    return jpeg + hidden + b"\0\0\0\x18ftypmp42" + hidden


def _build_png(hidden: bytes) -> bytes:
    raw = f"\nexif\n {len(hidden)}\n{(b'Exif' + bytes(2) + hidden).hex()}\n".encode()
    png = metadata_files.add_chunks(
        images.encode_pixels(_SCENE, "PNG"),
        (b"iCCP", b"p\0\0" + zlib.compress(build_hidden_profile(hidden))),
        (b"eXIf", build_hidden_exif(hidden)),
        (b"tEXt", b"Comment\0" + hidden),
        (b"tEXt", b"Title\0" + base64.b64encode(hidden)),
        (b"tEXt", b"preview\0" + hidden.hex().encode()),
        (b"zTXt", b"Source\0\0" + zlib.compress(hidden)),
        (b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(raw)),
        (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + build_hidden_xmp(hidden)),
        (b"iTXt", b"Author\0\1\0\0\0" + zlib.compress(base64.encodebytes(hidden))),
        (b"prVw", hidden),
    )
    return png + hidden


def _build_webp(hidden: bytes) -> bytes:
    webp = images.encode_pixels(
        _SCENE, "WEBP", quality=60, icc_profile=build_hidden_profile(hidden), exif=b"x", xmp=b"x"
    )
    webp = webp.replace(b"EXIF", b"junk").replace(b"XMP ", b"junk")
    return (
        metadata_files.add_riff_chunks(
            webp,
            (b"EXIF", build_hidden_exif(hidden)),
            (b"XMP ", build_hidden_xmp(hidden)),
            (b"prVw", hidden),
        )
        + hidden
    )


def _build_tiff(hidden: bytes) -> bytes:
    return (
        metadata_files.add_tiff_fields(
            images.encode_pixels(_SCENE, "TIFF"),
            _hide_in_image_tags(hidden)
            | {
                272: build_text(metadata_files.CAMERA),
                700: Field(BYTE, build_hidden_xmp(hidden)),
                33723: build_bytes(build_hidden_iptc(hidden)),
                34377: build_bytes(metadata_files.build_resources({0x040C: hidden})),
                34675: build_bytes(build_hidden_profile(hidden)),
                37724: build_bytes(hidden),
            },
        )
        + hidden
    )


def _build_avif(hidden: bytes) -> bytes:
    avif = images.encode_pixels(
        _SCENE,
        "AVIF",
        quality=60,
        icc_profile=build_hidden_profile(hidden),
        exif=b"Exif\0\0" + build_hidden_exif(hidden),
        xmp=build_hidden_xmp(hidden),
    )
    return avif + struct.pack(">I", 8 + len(hidden)) + b"mpvd" + hidden


def _build_heic(hidden: bytes) -> bytes:
    file = metadata_files.add_heic_items(
        heic.read_heic("icc"), exif=build_hidden_exif(hidden), xmp=build_hidden_xmp(hidden)
    )
    return file + struct.pack(">I", 8 + len(hidden)) + b"mpvd" + hidden


def _build_gif(hidden: bytes) -> bytes:
    gif = images.encode_pixels(_SCENE, "GIF", comment=hidden[:255])
    return gif[:-1] + metadata_files.build_gif_xmp(build_hidden_xmp(hidden)) + b";" + hidden


def _build_bmp(hidden: bytes) -> bytes:
    return images.encode_pixels(_SCENE, "BMP") + hidden
