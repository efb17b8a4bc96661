"""The benchmark of removal: `make bench-vision`, or `python -m benchmarks.vision PART [WORD...]`.

A part is `speed`, `start`, `network`, `profile`, `quality`, `small-masks`, `detection`, `sheets` or
`places`; without one all are measured. VANISH_TEST_DATA names the folder with the real photos and
models. With words, `quality` and `sheets` use only the cases whose names contain one of them, and
only print.
"""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.vision import (
    detection,
    document,
    network,
    places,
    profiling,
    quality,
    sheets,
    small_masks,
    speed,
    start,
)
from benchmarks.vision.files import CASES, ROOT
from tests.installation import build_mirror_variables


def main(part: str = "", *words: str) -> None:
    """Measure the parts, print them, and write their sections of VISION.md."""
    data = os.environ.get("VANISH_TEST_DATA", "")
    if not data or not (Path(data) / "photos").is_dir():
        sys.exit("VANISH_TEST_DATA must name the folder with photos/ and models/")
    os.environ.update(build_mirror_variables())
    os.environ.setdefault("VANISH_MODEL_DIR", str(ROOT / "var/models"))
    photos = Path(data) / "photos"
    if part == "places":
        places.choose(photos)
        return
    parts: dict[str, tuple[str, Callable[[], str]]] = {
        "speed": ("Speed and memory", lambda: speed.measure(photos)),
        "start": ("Start of the commands", start.measure),
        "network": ("The network by itself", lambda: network.measure(speed.build_graph())),
        "profile": ("Where the time goes", lambda: profiling.measure(photos)),
        "quality": ("Quality against true pixels", lambda: quality.measure(photos, words)),
        "small-masks": (small_masks.TITLE, lambda: small_masks.measure(photos)),
        "detection": ("Detection and outlines", lambda: detection.measure(photos)),
        "sheets": ("Contact sheets", lambda: sheets.write(photos, words)),
    }
    if not part:
        shutil.rmtree(CASES, ignore_errors=True)
    for title, measure in [parts[part]] if part else parts.values():
        text = measure()
        print(f"\n## {title}\n\n{text}", flush=True)
        if not words:
            document.write_section(title, text)


if __name__ == "__main__":
    main(*sys.argv[1:])
