"""The peak memory of opening, editing and downloading large photos (Linux).

`python -m benchmarks.large_photos PHOTO` enlarges the photo to 108 and to 200 megapixels and prints
a row for each kind of file. docs/configuration.md has the results.
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import cv2
import numpy as np
from PIL import Image

from benchmarks.peaks import ChildPeak, read_own_peak
from vision import masks
from vision.decoder.limits import Limits, compute_memory_bytes
from vision.images import choose_output_format, decode, encode, make_thumbnail
from vision.inpainters.registry import load_inpainter
from vision.patches import apply
from vision.removal import remove
from vision.weights import ModelStore

MILLION = 1_000_000
SIZES = ((12_000, 9_000), (16_320, 12_240))
HOLE = 300
KINDS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "JPEG": ("RGB", "JPEG", {"quality": 85}),
    "JPEG, progressive": ("RGB", "JPEG", {"quality": 85, "progressive": True}),
    "JPEG, CMYK": ("CMYK", "JPEG", {"quality": 75}),
    "PNG": ("RGB", "PNG", {"compress_level": 1}),
    "PNG with alpha": ("RGBA", "PNG", {"compress_level": 1}),
    "WebP": ("RGB", "WEBP", {"quality": 60, "method": 0}),
    "AVIF": ("RGB", "AVIF", {"quality": 50, "speed": 10}),
}


def main(photo: Path) -> None:
    """Print the peaks of every kind and size, each measured in new processes."""
    with Image.open(photo) as image, TemporaryDirectory() as folder:
        for size in SIZES:
            large = image.convert("RGB").resize(size)
            for kind, (mode, name, options) in KINDS.items():
                file = Path(folder) / "photo"
                try:
                    large.convert(mode).save(file, name, **options)
                except ValueError:
                    continue  # WebP holds no such width
                cells = [_measure(step, file) for step in ("open", "edit", "download")]
                print(f"| {kind}, {size[0]} × {size[1]} |", " | ".join(cells), "|", flush=True)


def _measure(step: str, file: Path) -> str:
    command = [sys.executable, "-m", "benchmarks.large_photos", step, str(file)]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


def run_step(step: str, file: Path) -> None:
    """Do what a web process or a worker does; print the peaks of this process and its child."""
    pixels = SIZES[-1][0] * SIZES[-1][1]
    limits = Limits(
        max_bytes=file.stat().st_size,
        max_pixels=pixels,
        memory_bytes=compute_memory_bytes(pixels),
        wall_seconds=600,
    )
    with ChildPeak() as child:
        picture = decode(file, limits=limits)
    opened = picture
    if step == "edit":
        marks = np.zeros((picture.height, picture.width), np.uint8)
        cv2.circle(marks, (picture.width // 2, picture.height // 2), HOLE, 255, -1)
        hole = masks.from_png(masks.to_png(marks), width=picture.width, height=picture.height)
        patches = remove(picture, hole, load_inpainter("patchmatch", ModelStore.from_environment()))
        opened = picture.with_pixels(apply(picture.pixels, patches))
    if step == "download":
        encode(opened, choose_output_format(opened))
    else:
        encode(make_thumbnail(opened, longest_side=1920), "WEBP", quality=88)
    figures = [read_own_peak(), *([child.peak] if step == "open" else [])]
    print(", ".join(f"{figure / MILLION:.0f}" for figure in figures))


if __name__ == "__main__":
    if len(sys.argv) == 3:
        run_step(sys.argv[1], Path(sys.argv[2]))
    else:
        main(Path(sys.argv[1]))
