"""`make bench-services`: the same platform embedded and on real services, side by side.

Needs the real photos that VANISH_TEST_DATA names, and PostgreSQL, Ceph and moto installed.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from statistics import median

from benchmarks import machine, served
from benchmarks.figures import Figure, time_of
from tests.installation import build_mirror_variables
from tests.stand_ins import aws_like

RESULTS = Path(__file__).with_name("SERVICES.md")
EMBEDDED = {"DETECTOR": "local"}
HEAD = """# Embedded and AWS-like, side by side

Written by `make bench-services`. Embedded is SQLite, a folder and the folder broker; AWS-like is
PostgreSQL, S3 (Ceph radosgw), SQS and Rekognition (moto), all on this one machine, so that the
network costs nothing and their own work competes with ours. Detection is left out: Rekognition's
stand-in answers without looking. Times are medians, with the lowest and highest of several.
"""


def main() -> None:
    """Measure both ways, print and write the tables."""
    data = os.environ.get("VANISH_TEST_DATA", "")
    if not data or not (Path(data) / "photos").is_dir():
        sys.exit("VANISH_TEST_DATA must name the folder with photos/ and models/")
    os.environ.update(build_mirror_variables())
    photo = Path(data) / "photos/pairs/20_image.jpg"
    with aws_like.start_servers() as services, tempfile.TemporaryDirectory() as folder:
        embedded = list(served.measure(Path(folder) / "embedded", photo, **EMBEDDED))
        on_services = list(served.measure(Path(folder) / "aws", photo, **services))
        own = services | aws_like.create_installation(services)
        queries = _queries(EMBEDDED, Path(folder) / "q1"), _queries(own, Path(folder) / "q2")
    text = "\n\n".join(
        [HEAD.strip(), machine.description(), _times(embedded, on_services), _counts(*queries)]
    )
    RESULTS.write_text(f"{text}\n")
    print(text)


def _queries(variables: Mapping[str, str], folder: Path) -> dict[str, int]:
    own = {
        "VANISH_DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "VANISH_LOG_LEVEL": "WARNING",
    }
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.queries"],
        env=os.environ | own | dict(variables),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    counts: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return counts


def _times(embedded: list[Figure], on_services: list[Figure]) -> str:
    lines = ["| what | embedded | AWS-like | ratio |", "|---|---|---|---|"]
    for one, other in zip(embedded, on_services, strict=True):
        ratio = median(other.seconds) / median(one.seconds)
        cells = (one.what, time_of(one.seconds), time_of(other.seconds), f"{ratio:.1f}")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _counts(embedded: Mapping[str, int], on_services: Mapping[str, int]) -> str:
    lines = ["| page | queries, embedded | queries, AWS-like |", "|---|---|---|"]
    lines += [f"| {page} | {embedded[page]} | {on_services[page]} |" for page in embedded]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
