"""The child process: limits itself, reads the file, answers with the canvas or with the reason.

Answer: the length of a JSON header in 4 bytes, the header, the colour profile, the EXIF, the rows.
"""

import json
import sys
from typing import Any

import PIL
from PIL import Image, TiffImagePlugin

from vision.decoder import rejection, signature
from vision.decoder.canvas import QUARTER_TURNS, Canvas, Rows, strips, to_canvas
from vision.decoder.deep import (
    bits_per_channel,
    decode_deep,
    decode_deep_grey,
    deep_mode,
    is_deep_grey,
)
from vision.decoder.density import density_of
from vision.decoder.described import described_profile
from vision.decoder.facts import facts_of
from vision.decoder.jpeg import encoding_of
from vision.decoder.limits import Limits
from vision.decoder.metadata import exif_of_tiff, tidy_exif
from vision.decoder.opening import open_header, rejecting
from vision.decoder.profiles import usable_profile
from vision.errors import PictureRejected

_CALLED = {"TIFF": "pages", "HEIF": "pictures"}


def main() -> None:
    """Entry point. Argument: the Limits as JSON."""
    limits = Limits(**json.loads(sys.argv[1]))
    _limit_self(limits)
    try:
        _answer(sys.stdin.buffer.read(), limits)
    except PictureRejected as reason:
        measures = {"expected": reason.expected, "received": reason.received}
        _send({"rejected": reason.code, "message": reason.message, "measures": measures})
    except MemoryError:
        sys.exit(rejection.OUT_OF_MEMORY_STATUS)  # perhaps in the middle of the rows


def _limit_self(limits: Limits) -> None:
    try:
        import resource
    except ImportError:  # Windows: only the parent's wall clock holds there
        return
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # elsewhere it counts what is never used
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))


def _answer(data: bytes, limits: Limits) -> None:
    image, name = open_header(data, limits)
    with rejecting(data, name, limits):
        frames = _count_frames(image, limits.max_frames)
        exif, orientation, notes = _read_exif(image)
        quarter_turn = orientation in QUARTER_TURNS
        canvas, decoder = _decode(image, data, orientation)
        density = density_of(image, quarter_turn=quarter_turn)
        header = {
            "format": name,
            "mode": canvas.mode,
            "shape": canvas.rows.shape,
            "dtype": canvas.rows.dtype,
            "frames": frames,
            "notes": notes + canvas.notes + _notes_on_file(image, data, frames, limits),
            "jpeg": encoding_of(image, quarter_turn=quarter_turn),
            "density": density,
            "facts": facts_of(canvas.icc_profile, exif, density),
            "lossless": _is_lossless(image, data, name),
            "decoder": decoder,
            "icc_bytes": len(canvas.icc_profile or b""),
            "exif_bytes": len(exif or b""),
        }
    _send(header, canvas.icc_profile or b"", exif or b"")
    for strip in strips(canvas.rows):
        sys.stdout.buffer.write(strip)


def _send(header: dict[str, Any], *blobs: bytes) -> None:
    text = json.dumps(header).encode()
    for part in (len(text).to_bytes(4, "big"), text, *blobs):
        sys.stdout.buffer.write(part)


def _count_frames(image: Image.Image, most: int) -> int:
    try:
        return max(1, min(int(getattr(image, "n_frames", 1)), most))
    except rejection.BAD_FILE:
        return 1  # the first frame may be whole all the same


def _read_exif(image: Image.Image) -> tuple[bytes | None, int, list[str]]:
    """(EXIF to keep, orientation still to be applied, notes). Bad EXIF never fails a photo."""
    try:
        if isinstance(image, TiffImagePlugin.TiffImageFile):
            raw = exif_of_tiff(image)
        else:
            raw = image.info.get("exif", b"")
    except rejection.BAD_FILE:
        raw = b"?"
    if not raw:
        return None, 1, []
    exif, orientation = tidy_exif(raw)
    notes = [] if exif else ["The metadata (EXIF) is damaged and was left out"]
    return exif, orientation, notes


def _decode(image: Image.Image, data: bytes, orientation: int) -> tuple[Canvas, str]:
    if image.format == "TIFF":
        orientation = 1  # both decoders turn a TIFF upright themselves
    profile, notes = _profile(image, data)
    mode = deep_mode(image, data)
    if mode is not None:
        decoded = decode_deep(data, mode, orientation)
        if decoded is not None:
            return _deep_canvas(decoded[0], mode, profile, notes), decoded[1]
    bits = bits_per_channel(image, data)
    _widen_clear_grey(image, bits)
    image.load()
    if is_deep_grey(image):
        canvas = _deep_canvas(*decode_deep_grey(image, bits, orientation), profile, notes)
        return canvas, _decoder_name(image)
    canvas = to_canvas(image, profile, orientation)
    canvas.notes[:0] = notes
    if bits > 8:
        canvas.notes.append(f"{bits} bits a channel reduced to 8")
    return canvas, _decoder_name(image)


def _profile(image: Image.Image, data: bytes) -> tuple[bytes | None, list[str]]:
    own = image.info.get("icc_profile")
    return (own, []) if own else described_profile(image, data)


def _deep_canvas(rows: Rows, mode: str, profile: bytes | None, notes: list[str]) -> Canvas:
    usable, notes_on_profile = usable_profile(profile, mode)
    return Canvas(rows, mode, usable, notes + notes_on_profile)


def _widen_clear_grey(image: Image.Image, bits: int) -> None:
    """Pillow widens a PNG's greys of 2 or 4 bits to 8, but not the one that is transparent."""
    if image.format == "PNG" and image.mode == "L" and bits < 8 and "transparency" in image.info:
        image.info["transparency"] *= 255 // (2**bits - 1)


def _decoder_name(image: Image.Image) -> str:
    if image.format == "HEIF":
        import pi_heif

        return f"pi-heif-{pi_heif.__version__}"
    return f"pillow-{PIL.__version__}"


def _notes_on_file(image: Image.Image, data: bytes, frames: int, limits: Limits) -> list[str]:
    notes = []
    if frames > 1:
        more = " or more" if frames == limits.max_frames else ""
        what = _CALLED.get(str(image.format), "frames")
        notes.append(f"The first of {frames}{more} {what} is used")
    if "mpoffset" in image.info or image.info.get("aux") or image.info.get("depth_images"):
        notes.append("Further pictures in the file (HDR gain map, depth or others) were left out")
    deep_heif = image.format == "HEIF" and image.info.get("bit_depth", 8) > 8
    if deep_heif or (image.format == "AVIF" and signature.is_deep_avif(data)):
        notes.append("10 or 12 bits a channel reduced to 8")
    return notes


def _is_lossless(image: Image.Image, data: bytes, name: str) -> bool:
    if name == "WEBP":
        return signature.is_lossless_webp(data)
    if name == "TIFF":
        return image.info.get("compression") not in ("jpeg", "tiff_jpeg", "webp")
    return name in ("PNG", "GIF", "BMP")


if __name__ == "__main__":
    main()
