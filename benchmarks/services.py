"""`make bench-services`: compares the embedded platform with the same platform on real services.

VANISH_TEST_DATA names the folder with the real photos. PostgreSQL, Ceph and moto must be installed.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from statistics import median

from benchmarks import installation, machine
from benchmarks.figures import Figure, format_time
from tests.installation import build_mirror_variables
from tests.stand_ins import aws_like

RESULTS = Path(__file__).with_name("SERVICES.md")
EMBEDDED = {"DETECTOR": "local"}
HEAD = """# Embedded and AWS-like, side by side

Written by `make bench-services`. Embedded is SQLite, a folder and the folder broker; AWS-like is
PostgreSQL, S3 (Ceph radosgw), SQS and Rekognition (moto). All run on this one machine, so there is
no network latency, but the servers compete with the platform for the processor. Detection is not
measured, because the fake Rekognition does not analyse pictures. Times are medians, with the lowest
and the highest of several.
"""


def main() -> None:
    """Measure both installations, print and write the tables."""
    data = os.environ.get("VANISH_TEST_DATA", "")
    if not data or not (Path(data) / "photos").is_dir():
        sys.exit("VANISH_TEST_DATA must name the folder with photos/ and models/")
    os.environ.update(build_mirror_variables())
    photo = Path(data) / "photos/pairs/20_image.jpg"
    with aws_like.start_servers() as services, tempfile.TemporaryDirectory() as folder:
        embedded = list(installation.measure(Path(folder) / "embedded", photo, **EMBEDDED))
        on_services = list(installation.measure(Path(folder) / "aws", photo, **services))
        own = services | aws_like.create_installation(services)
        queries = (
            _count_queries(EMBEDDED, Path(folder) / "q1"),
            _count_queries(own, Path(folder) / "q2"),
        )
    text = "\n\n".join(
        [
            HEAD.strip(),
            machine.describe_machine(),
            _format_times(embedded, on_services),
            _format_counts(*queries),
        ]
    )
    RESULTS.write_text(f"{text}\n")
    print(text)


def _count_queries(variables: Mapping[str, str], folder: Path) -> dict[str, int]:
    own = {
        "VANISH_DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "VANISH_LOG_LEVEL": "WARNING",
    }
    process = subprocess.run(
        [sys.executable, "-m", "benchmarks.queries"],
        env=os.environ | own | dict(variables),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    counts: dict[str, int] = json.loads(process.stdout.splitlines()[-1])
    return counts


def _format_times(embedded: list[Figure], on_services: list[Figure]) -> str:
    lines = ["| what | embedded | AWS-like | ratio |", "|---|---|---|---|"]
    for one, other in zip(embedded, on_services, strict=True):
        ratio = median(other.seconds) / median(one.seconds)
        cells = (one.what, format_time(one.seconds), format_time(other.seconds), f"{ratio:.1f}")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _format_counts(embedded: Mapping[str, int], on_services: Mapping[str, int]) -> str:
    lines = ["| page | queries, embedded | queries, AWS-like |", "|---|---|---|"]
    lines += [f"| {page} | {embedded[page]} | {on_services[page]} |" for page in embedded]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
