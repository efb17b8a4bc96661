"""`manage.py vanish` removes shadows with their objects, except with `--keep-shadows`."""

from pathlib import Path

import pytest
from django.core.management import call_command

from vision.images import decode

PERSON = (594, 828)  # row, column
SHADOW = (slice(865, 870), slice(595, 605))


@pytest.mark.usefixtures("local_detector")
@pytest.mark.parametrize("options", [[], ["--keep-shadows"]])
def test_shadows_are_removed_with_their_objects_unless_kept(
    options: list[str], photos: Path, tmp_path: Path
) -> None:
    source, out = photos / "legendary_6.jpg", tmp_path / "out.png"

    call_command(
        "vanish", source, "-o", out, "--labels", "person", "--inpainter", "patchmatch", *options
    )

    changed = (decode(source).pixels != decode(out).pixels).any(axis=2)
    assert changed[PERSON]
    assert changed[SHADOW].any() != bool(options)
