"""`manage.py vanish --mask`: mask files of every kind."""

import io
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command

from tests import images
from vision import masks
from vision.images import decode


def vanish(*arguments: object) -> str:
    """Run the command and return what it warns of."""
    warnings = io.StringIO()
    call_command("vanish", *map(str, arguments), stdout=io.StringIO(), stderr=warnings)
    return warnings.getvalue()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "beach.png"
    path.write_bytes(images.build_png(160, 120))
    return path


def test_the_command_takes_one_label_of_a_mask_of_half_the_size(
    photo: Path, tmp_path: Path
) -> None:
    labels = np.zeros((60, 80), np.uint8)
    labels[5:15, 5:15], labels[30:40, 30:45] = 1, 2
    (tmp_path / "labels.png").write_bytes(images.encode_pixels(labels, "PNG"))
    arguments = ("--mask", tmp_path / "labels.png", "--mask-value", 2, "--grow", 0)
    warnings = vanish(photo, "-o", tmp_path / "a.png", "--inpainter", "patchmatch", *arguments)
    assert "scaled from 80 x 60 pixels" in warnings
    changed = (decode(tmp_path / "a.png").pixels != decode(photo).pixels).any(axis=2)
    hole = masks.from_boxes((120, 160), [(60, 60, 30, 20)]) == 255
    assert changed[hole].mean() > 0.5
    assert not changed[~hole].any()


def test_the_command_takes_a_convention(photo: Path, tmp_path: Path) -> None:
    mask = 255 - masks.from_boxes((120, 160), [(60, 60, 30, 20)])
    (tmp_path / "mask.png").write_bytes(masks.to_png(mask))
    arguments = ("--mask", tmp_path / "mask.png", "--mask-convention", "black", "--grow", 0)
    vanish(photo, "-o", tmp_path / "a.png", "--inpainter", "patchmatch", *arguments)
    changed = (decode(tmp_path / "a.png").pixels != decode(photo).pixels).any(axis=2)
    assert changed[mask == 0].any()
    assert not changed[mask > 0].any()
