"""The benchmarks' tables are read strictly."""

from pathlib import Path

import pytest

from infra.capacity.measured import Measured, NotMeasured

SERVICES = """| what | embedded | AWS-like | ratio |
|---|---|---|---|
| Start-up again | 5.34 s | 6.72 s | 1.3 |
| Upload to first thumbnail | 0.73 s (0.59–1.21, 5 times) | 0.75 s (0.72–2.25, 5 times) | 1.0 |
| Queue: from Remove to running | 0.06 s | 0.02 s (0.02–0.09, 10 times) | 0.3 |

| page | queries, embedded | queries, AWS-like |
|---|---|---|
| Start-up again | 2 | 2 |
"""
HEAD = "# Title\n\n| what | time | peak memory | note |\n|---|---|---|---|\n"
HIFILL = "| Removal at 1 MP with HiFill | – | – | not measured |\n"
SMALL = "| Removal at 1 MP with PatchMatch, later | 1.33 s (1.33–1.35, 3 times) | 1 MiB | |\n"
LARGE = "| Removal at 12 MP with PatchMatch, later | 1.45 s | 455 MiB | |\n"


def read(folder: Path, results: str, services: str = SERVICES) -> Measured:
    (folder / "RESULTS.md").write_text(results)
    (folder / "SERVICES.md").write_text(services)
    return Measured.read(folder / "RESULTS.md", folder / "SERVICES.md")


def test_our_own_benchmarks_can_be_read() -> None:
    measured = Measured.read()

    assert measured.removal.keys() == {1, 12}
    assert min(measured.around, measured.ring, measured.start) > 0


def test_seconds_are_read(tmp_path: Path) -> None:
    measured = read(tmp_path, HEAD + HIFILL + SMALL + LARGE)

    removal = {1: 1.33, 12: 1.45}
    assert measured == Measured("PatchMatch", removal, around=0.75, ring=0.02, start=6.72)


def test_hifill_counts_once_it_is_measured(tmp_path: Path) -> None:
    hifill = (SMALL + LARGE).replace("PatchMatch", "HiFill").replace("1.", "3.")

    measured = read(tmp_path, HEAD + SMALL + LARGE + hifill)

    assert measured.inpainter == "HiFill"
    assert measured.removal == {1: 3.33, 12: 3.45}


@pytest.mark.parametrize(
    ("results", "told"),
    [
        (HEAD + HIFILL, "No removal with HiFill or PatchMatch"),
        (HEAD + SMALL, "12 MP with PatchMatch, later” is not among"),
        (HEAD + SMALL + LARGE.replace("1.45 s", "–"), "12 MP with PatchMatch, later” has no"),
        (HEAD + SMALL + LARGE.replace("1.45 s", "1450 ms"), "has no seconds: 1450 ms"),
        (HEAD + SMALL + LARGE.replace("1.45 s", "0.00 s"), "has no seconds: 0.00 s"),
        (HEAD + SMALL + LARGE + LARGE, "there twice"),
        (HEAD + SMALL + "| Removal |\n", "short"),
        ("# Nothing", "RESULTS.md has no table with a column “time”"),
    ],
)
def test_what_is_missing_is_named(tmp_path: Path, results: str, told: str) -> None:
    with pytest.raises(NotMeasured, match=told):
        read(tmp_path, results)


@pytest.mark.parametrize("row", ["Start-up again", "Upload to", "Queue: from Remove"])
def test_what_is_missing_of_the_services_is_named(tmp_path: Path, row: str) -> None:
    services = "\n".join(line for line in SERVICES.splitlines() if row not in line)

    with pytest.raises(NotMeasured, match=row):
        read(tmp_path, HEAD + SMALL + LARGE, services)
