"""The child process: sets its limits, reads the file, writes the canvas or the reason.

Output: the length of a JSON header in 4 bytes, the header, the colour profile, EXIF, XMP and IPTC,
the rows.
"""

import json
import sys
from dataclasses import dataclass
from typing import IO, Any

import PIL
from PIL import Image

from vision.decoder import rejection, signature
from vision.decoder.canvas import QUARTER_TURNS, Canvas, Rows, iterate_strips, to_canvas
from vision.decoder.deep import (
    decode_deep,
    decode_deep_grey,
    find_deep_mode,
    get_bits_per_channel,
    is_deep_grey,
)
from vision.decoder.density import read_density
from vision.decoder.described import derive_profile
from vision.decoder.facts import read_facts
from vision.decoder.jpeg import read_encoding
from vision.decoder.limits import Limits
from vision.decoder.opening import open_header, translate_errors
from vision.decoder.profiles import check_profile, is_cut_off
from vision.decoder.stripping import strip_file
from vision.errors import PictureRejected
from vision.metadata.blocks.found import FURTHER_PICTURES
from vision.metadata.icc import remove_foreign_parts
from vision.metadata.reading import Metadata, read_metadata

_FRAME_WORDS = {"TIFF": "pages", "HEIF": "pictures"}


def main() -> None:
    """Decode the file on standard input. Argument: the Limits as JSON."""
    run(Limits(**json.loads(sys.argv[1])))


def run(limits: Limits) -> None:
    """Limit this process, and decode the file on its standard input.

    Raises SystemExit if the memory is not enough.
    """
    _apply_limits(limits)
    try:
        write_picture(sys.stdin.buffer.read(), limits, sys.stdout.buffer)
    except MemoryError:
        sys.exit(rejection.OUT_OF_MEMORY_STATUS)  # rows may have been written already


def write_picture(data: bytes, limits: Limits, output: IO[bytes]) -> None:
    """Decode the file `data` and write the picture, or why it is rejected, to `output`."""
    try:
        _write_canvas(data, limits, output)
    except PictureRejected as reason:
        values = {"expected": reason.expected, "received": reason.received}
        _write(output, {"rejected": reason.code, "message": reason.message, "values": values})


def _apply_limits(limits: Limits) -> None:
    try:
        import resource
    except ImportError:  # Windows: there only the parent's timer limits the child
        return
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # other systems also count reserved memory that is never used
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))


def _write_canvas(data: bytes, limits: Limits, output: IO[bytes]) -> None:
    try:
        opened = _open(data, limits)
    except PictureRejected as reason:
        opened = _open_stripped(data, limits, reason)
    metadata = opened.metadata
    blocks = (opened.canvas.icc_profile, metadata.exif, metadata.xmp, metadata.iptc)
    _write(output, opened.header, *(block or b"" for block in blocks))
    for strip in iterate_strips(opened.canvas.rows):
        output.write(strip)


@dataclass
class _Opened:
    header: dict[str, Any]
    canvas: Canvas
    metadata: Metadata


def _open_stripped(data: bytes, limits: Limits, reason: PictureRejected) -> _Opened:
    """Open the file without its metadata, in case they were the reason; else raise `reason`."""
    stripped = strip_file(data) if isinstance(reason.__cause__, rejection.BAD_FILE) else None
    if stripped is None:
        raise reason
    try:
        opened = _open(stripped, limits)
    except PictureRejected:
        raise reason from None
    opened.header["notes"].insert(0, "The file's metadata are damaged and were left out")
    return opened


def _open(data: bytes, limits: Limits) -> _Opened:
    image, name, file = open_header(data, limits)
    data = file.data
    with translate_errors(data, name, limits):
        frames = _count_frames(image, limits.max_frames)
        metadata = read_metadata(image, data)
        quarter_turn = metadata.orientation in QUARTER_TURNS
        canvas, decoder = _decode(image, data, metadata.orientation)
        density = read_density(image, quarter_turn=quarter_turn)
        header = {
            "format": name,
            "mode": canvas.mode,
            "shape": canvas.rows.shape,
            "dtype": canvas.rows.dtype,
            "frames": frames,
            "notes": [
                *dict.fromkeys(
                    file.notes
                    + canvas.notes
                    + _list_file_notes(image, data, frames, limits)
                    + metadata.notes
                )
            ],
            "jpeg": read_encoding(image, quarter_turn=quarter_turn),
            "density": density,
            "facts": read_facts(canvas.icc_profile, metadata.exif, density),
            "lossless": _is_lossless(image, data, name),
            "decoder": decoder,
            "icc_bytes": len(canvas.icc_profile or b""),
            "exif_bytes": len(metadata.exif or b""),
            "xmp_bytes": len(metadata.xmp or b""),
            "iptc_bytes": len(metadata.iptc or b""),
            "texts": metadata.texts,
        }
    return _Opened(header, canvas, metadata)


def _write(output: IO[bytes], header: dict[str, Any], *blobs: bytes) -> None:
    text = json.dumps(header).encode()
    for part in (len(text).to_bytes(4, "big"), text, *blobs):
        output.write(part)


def _count_frames(image: Image.Image, limit: int) -> int:
    try:
        return max(1, min(int(getattr(image, "n_frames", 1)), limit))
    except rejection.BAD_FILE:
        return 1  # the first frame may be complete nevertheless


def _decode(image: Image.Image, data: bytes, orientation: int) -> tuple[Canvas, str]:
    if image.format == "TIFF":
        orientation = 1  # both decoders turn a TIFF upright themselves
    profile, notes = _find_profile(image, data)
    mode = find_deep_mode(image, data)
    if mode is not None:
        result = decode_deep(data, mode, orientation)
        if result is not None:
            return _build_deep_canvas(result[0], mode, profile, notes), result[1]
    bits = get_bits_per_channel(image, data)
    _scale_transparent_grey(image, bits)
    image.load()
    if is_deep_grey(image):
        canvas = _build_deep_canvas(*decode_deep_grey(image, bits, orientation), profile, notes)
        return canvas, _name_decoder(image)
    canvas = to_canvas(image, profile, orientation)
    canvas.notes[:0] = notes
    if bits > 8:
        canvas.notes.append(f"{bits} bits a channel reduced to 8")
    return canvas, _name_decoder(image)


def _find_profile(image: Image.Image, data: bytes) -> tuple[bytes | None, list[str]]:
    embedded = image.info.get("icc_profile")
    if not embedded:
        return derive_profile(image, data)
    profile, was_changed = remove_foreign_parts(embedded)
    if profile is None or is_cut_off(embedded):
        return None, ["The colour profile is damaged and was left out"]
    notes = ["Parts of the colour profile that describe no colours were left out"]
    return profile, notes if was_changed else []


def _build_deep_canvas(rows: Rows, mode: str, profile: bytes | None, notes: list[str]) -> Canvas:
    fitting_profile, profile_notes = check_profile(profile, mode)
    return Canvas(rows, mode, fitting_profile, notes + profile_notes)


def _scale_transparent_grey(image: Image.Image, bits: int) -> None:
    """Scale a PNG's transparent grey to 8 bits, as Pillow does with all its other greys."""
    if image.format == "PNG" and image.mode == "L" and bits < 8 and "transparency" in image.info:
        image.info["transparency"] *= 255 // (2**bits - 1)


def _name_decoder(image: Image.Image) -> str:
    if image.format == "HEIF":
        import pi_heif

        return f"pi-heif-{pi_heif.__version__}"
    return f"pillow-{PIL.__version__}"


def _list_file_notes(image: Image.Image, data: bytes, frames: int, limits: Limits) -> list[str]:
    notes = []
    if frames > 1:
        more = " or more" if frames == limits.max_frames else ""
        word = _FRAME_WORDS.get(str(image.format), "frames")
        notes.append(f"The first of {frames}{more} {word} is used")
    if "mpoffset" in image.info or image.info.get("aux") or image.info.get("depth_images"):
        notes.append(FURTHER_PICTURES)
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
