"""PatchMatch on a crop above its working size: its fill is as sharp as its surroundings."""

import cv2
import numpy as np

from vision.inpainters.patchmatch import PatchMatchInpainter
from vision.inpainters.patchmatch.candidates import WORKING_SIDE
from vision.inpainters.scaling import resize_picture
from vision.progress import ignore_progress


def test_a_large_fill_keeps_the_photos_sharpness() -> None:
    side = 3 * WORKING_SIDE
    photo = np.random.default_rng(6).integers(70, 180, (side, side // 2, 1), dtype=np.uint8)
    photo = photo.repeat(3, axis=2)
    mask = np.zeros(photo.shape[:2], np.uint8)
    mask[1000:1250, 400:650] = 255
    shares: list[float] = []
    filled = PatchMatchInpainter().fill(photo, mask, checkpoint=shares.append)
    assert (filled[mask == 0] == photo[mask == 0]).all()
    assert shares == sorted(shares)
    assert shares[-1] == 1
    repeated = PatchMatchInpainter().fill(photo, mask, checkpoint=ignore_progress)
    assert (repeated == filled).all()
    enlarged = resize_picture(
        resize_picture(photo, WORKING_SIDE, WORKING_SIDE // 2), side, side // 2
    )
    interior = (slice(1010, 1240), slice(410, 640))
    original, blurred, result = (
        float(np.mean(cv2.Laplacian(picture[interior], cv2.CV_32F) ** 2))
        for picture in (photo, enlarged, filled)
    )
    assert blurred < 0.1 * original
    assert 0.5 * original < result < 1.2 * original
