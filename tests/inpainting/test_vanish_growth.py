"""`manage.py vanish`: a mask from elsewhere grows a little, unless it is told not to."""

from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command

from tests import images
from vision import masks
from vision.images import decode
from vision.selections import LEAST_GROWTH


@pytest.mark.parametrize(("growth", "grown"), [((), LEAST_GROWTH), (("--grow", "0"), 0)])
def test_a_mask_grows_unless_told_otherwise(
    tmp_path: Path, growth: tuple[str, ...], grown: int
) -> None:
    photo, mask, out = tmp_path / "photo.png", tmp_path / "mask.png", tmp_path / "out.png"
    photo.write_bytes(images.encode_pixels(images.build_noise(120, 160), "PNG"))
    box = masks.from_boxes((120, 160), [(90, 60, 30, 20)])
    mask.write_bytes(masks.to_png(box))
    paths = [str(path) for path in (photo, "-o", out, "--mask", mask)]
    call_command("vanish", *paths, "--inpainter", "patchmatch", *growth)
    changed = (decode(out).pixels != decode(photo).pixels).any(axis=2)
    hole = masks.grow(box, grown) > 0
    assert not changed[~hole].any()
    assert np.count_nonzero(changed) > 0.9 * np.count_nonzero(hole)
