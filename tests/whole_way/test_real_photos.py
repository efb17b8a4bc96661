"""The whole main job on real photos: upload, detect, remove, download."""

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import Client
from PIL import Image, ImageCms

from accounts.models import User
from gallery.models import Photo
from gallery.renditions import read_file, render_canvas
from inpainting import engines
from inpainting.mask_files import read_mask_pixels
from inpainting.models import Edit
from inpainting.services import detection_claim_next, detection_run, edit_claim_next, edit_run
from jobs.models import State
from tests.redirects import follow_redirect
from vision import masks
from vision.detectors.base import Box
from vision.images import Picture, decode

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.whole_way,
    pytest.mark.usefixtures("local_detector"),
]

API = "/api/v1"


@dataclass(frozen=True)
class Case:
    """A photo and what is removed: every object of a label, or a hand-made mask."""

    photo: str
    label: str = ""
    mask: str = ""
    black_is_removed: bool = False

    def __str__(self) -> str:
        return f"{Path(self.photo).stem}-{self.label or 'mask'}"


CASES = [
    Case("legendary_2.jpg", label="dog"),
    Case("legendary_4.jpg", label="person"),
    Case("udacity_highway_1.jpg", label="car"),
    Case("iopaint_bench_dog.png", label="dog", mask="iopaint_bench_dog_mask.png"),
    Case("pairs/20_image.jpg", mask="pairs/20_mask.jpg", black_is_removed=True),
]


@pytest.fixture
def client(alice: User) -> Client:
    """A client in which Alice is signed in."""
    client = Client()
    client.force_login(alice)
    return client


def _upload(client: Client, file: Path) -> dict[str, Any]:
    with file.open("rb") as handle:
        response = client.post(f"{API}/photos/", {"file": handle})
    assert response.status_code == 201, response.content
    photo: dict[str, Any] = response.json()
    return photo


def _download(client: Client, address: str, picture_format: str = "") -> bytes:
    query = {"format": picture_format} if picture_format else {}
    body: bytes = follow_redirect(client.get(address, query)).getvalue()
    return body


def _detect() -> None:
    run = detection_claim_next()
    assert run is not None
    detection_run(run)
    run.refresh_from_db()
    assert run.state == State.SUCCEEDED, run.error_message


def _build_mask_png(case: Case, photos: Path) -> bytes:
    picture = decode(photos / case.mask)
    light = picture.pixels[..., 0] >= 128
    return masks.to_png(np.where(light != case.black_is_removed, 255, 0).astype(np.uint8))


def _remove(client: Client, photo_id: str, case: Case, photos: Path, tmp_path: Path) -> Edit:
    address = f"{API}/photos/{photo_id}/edits/"
    if case.mask:
        file = tmp_path / "mask.png"
        file.write_bytes(_build_mask_png(case, photos))
        with file.open("rb") as handle:
            response = client.post(address, {"mask_file": handle})
    else:
        body = json.dumps({"labels": [case.label]})
        response = client.post(address, body, content_type="application/json")
    assert response.status_code == 202, response.content
    claimed = edit_claim_next()
    assert claimed is not None
    edit_run(claimed)
    claimed.refresh_from_db()
    assert claimed.state == State.SUCCEEDED, claimed.error_message
    return claimed


def _compute_overlap(first: Box, second: Box) -> float:
    """Return the intersection over union of two boxes."""
    width = min(first.x + first.width, second.x + second.width) - max(first.x, second.x)
    height = min(first.y + first.height, second.y + second.height) - max(first.y, second.y)
    if width <= 0 or height <= 0:
        return 0.0
    both = width * height
    return both / (first.width * first.height + second.width * second.height - both)


def _assert_gone(label: str, removed: list[Box], after: Picture) -> None:
    for detection in engines.prepare_detector().detect(after):
        if detection.label == label and detection.box is not None:
            worst = max(_compute_overlap(detection.box, box) for box in removed)
            assert worst <= 0.3, f"a {label} is still detected where one was removed"


def test_one_of_the_photos_is_large(photos: Path) -> None:
    sizes = [decode(photos / case.photo) for case in CASES]
    assert max(picture.width * picture.height for picture in sizes) >= 12_000_000


@pytest.mark.parametrize("case", CASES, ids=str)
def test_an_object_vanishes(case: Case, client: Client, photos: Path, tmp_path: Path) -> None:
    photo = _upload(client, photos / case.photo)
    _detect()
    detections = client.get(f"{API}/photos/{photo['id']}/detections/").json()["results"]
    removed = [Box(**row["box"]) for row in detections if row["label"] == case.label and row["box"]]
    assert removed or not case.label

    edit = _remove(client, photo["id"], case, photos, tmp_path)

    row = Photo.objects.get(pk=photo["id"])
    assert row.current is not None
    before = decode(read_file(row.original))
    after = render_canvas(row.current)
    outside = masks.grow(read_mask_pixels(edit.mask), edit.grow) == 0
    assert np.array_equal(before.pixels[outside], after.pixels[outside])
    assert not np.array_equal(before.pixels[~outside], after.pixels[~outside])
    if case.label:
        _assert_gone(case.label, removed, after)
    _assert_downloads(client, row, before, after)


def _assert_downloads(client: Client, row: Photo, before: Picture, after: Picture) -> None:
    """Check that PNG is lossless and that the original's format keeps size and profile."""
    address = f"{API}/revisions/{row.current_id}/download/"
    lossless = decode(_download(client, address, "png"))
    assert np.array_equal(lossless.pixels, after.pixels)
    same = decode(_download(client, address, "original"))
    assert (same.format, same.width, same.height) == (row.format, before.width, before.height)
    assert same.icc_profile == before.icc_profile
    original = _download(client, f"{API}/photos/{row.pk}/original/")
    assert original == read_file(row.original)


def test_a_rotated_photo_with_a_profile_keeps_orientation_and_profile(
    client: Client, photos: Path, tmp_path: Path
) -> None:
    """A phone held upright stores rotated pixels, an orientation tag and a colour profile."""
    upright = decode(photos / "legendary_4.jpg")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exif = Image.Exif()
    exif[0x0112] = 6
    file = tmp_path / "turned.jpg"
    Image.fromarray(np.rot90(upright.pixels).copy()).save(
        file, quality=95, exif=exif, icc_profile=profile
    )
    photo = _upload(client, file)
    assert (photo["width"], photo["height"]) == (upright.width, upright.height)
    _detect()
    edit = _remove(client, photo["id"], Case("turned", label="person"), photos, tmp_path)

    row = Photo.objects.get(pk=photo["id"])
    assert row.current is not None
    before, after = decode(read_file(row.original)), render_canvas(row.current)
    outside = read_mask_pixels(edit.mask) == 0
    assert np.array_equal(before.pixels[outside], after.pixels[outside])
    assert before.icc_profile == profile
    _assert_downloads(client, row, before, after)
    body = _download(client, f"{API}/revisions/{row.current_id}/download/", "original")
    with Image.open(io.BytesIO(body)) as shown:
        assert shown.size == (upright.width, upright.height)
        assert shown.getexif().get(0x0112, 1) == 1
        assert shown.info["icc_profile"] == profile
