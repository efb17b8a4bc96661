"""Downloads by format, size and quality; the tree of revisions; the metadata of a file."""

import io

import pytest
from PIL import Image, ImageCms

from accounts.models import User
from gallery.models import Photo, Rendition
from tests import images, rows
from tests.api.caller import Caller, check_problem

pytestmark = pytest.mark.django_db


def download_picture(owner: Caller, photo: Photo, **query: object) -> "Image.Image":
    response = owner.get(f"revisions/{photo.current_id}/download/", **query)
    assert response.status_code == 200, response.body
    assert int(response["Content-Length"]) == len(response.body)
    image = Image.open(io.BytesIO(response.body))
    assert response["Content-Type"] == Image.MIME[str(image.format)]
    return image


@pytest.mark.parametrize(
    ("query", "kind", "size"),
    [
        ({"format": "jpeg", "size": 48}, "JPEG", (48, 32)),
        ({"format": "png", "size": 48}, "PNG", (48, 32)),
        ({"format": "webp", "quality": 40}, "WEBP", (96, 64)),
        ({"format": "jpeg", "quality": 1, "size": 5000}, "JPEG", (96, 64)),
        ({"size": 1}, "PNG", (1, 1)),
        ({"size": 96}, "PNG", (96, 64)),
    ],
)
def test_a_revision_is_downloaded_in_a_format_and_size(
    owner: Caller, edited_photo: Photo, query: dict[str, object], kind: str, size: tuple[int, int]
) -> None:
    image = download_picture(owner, edited_photo, **query)
    assert (image.format, image.size) == (kind, size)


def test_a_resized_download_is_not_stored(owner: Caller, edited_photo: Photo) -> None:
    before = Rendition.objects.count()
    download_picture(owner, edited_photo, size=48)
    assert Rendition.objects.count() == before


def test_lower_quality_makes_a_smaller_file(owner: Caller, alice: User) -> None:
    photo = rows.upload(alice, data=images.encode_pixels(images.build_scene(320, 240), "PNG"))
    path = f"revisions/{photo.current_id}/download/"
    good, poor = (owner.get(path, format="jpeg", quality=quality).body for quality in (95, 20))
    assert len(poor) < len(good) / 2


def test_resizing_keeps_the_profile_and_drops_exif(owner: Caller, alice: User) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = build_jpeg_with_exif(profile)
    photo = rows.upload(alice, data=data)
    small = download_picture(owner, photo, size=48)
    assert small.info["icc_profile"] == profile
    assert not small.getexif()
    assert download_picture(owner, photo, quality=80).getexif()[272] == "Model 5"


def test_a_matching_entity_tag_gets_304(owner: Caller, edited_photo: Photo) -> None:
    path = f"revisions/{edited_photo.current_id}/download/"
    tag = owner.get(path, size=48)["ETag"]
    owner.headers["If-None-Match"] = tag
    assert owner.get(path, size=48).status_code == 304
    assert owner.get(path, size=47).status_code == 200


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"format": "bmp"}, "unknown_format"),
        ({"size": 0}, "invalid_parameter"),
        ({"size": "big"}, "invalid_parameter"),
        ({"size": "1e3"}, "invalid_parameter"),
        ({"quality": 101, "format": "jpeg"}, "invalid_parameter"),
        ({"quality": 80, "format": "png"}, "invalid_parameter"),
        ({"quality": 80}, "invalid_parameter"),
        ({"sise": 48}, "unknown_parameter"),
    ],
)
def test_invalid_download_parameters_are_refused(
    owner: Caller, edited_photo: Photo, query: dict[str, object], code: str
) -> None:
    response = owner.get(f"revisions/{edited_photo.current_id}/download/", **query)
    body = check_problem(response, 400, code)
    assert body["errors"][0]["parameter"] in query


def test_a_stranger_gets_404_for_a_download(stranger: Caller, edited_photo: Photo) -> None:
    response = stranger.get(f"revisions/{edited_photo.current_id}/download/", size=48)
    check_problem(response, 404, "not_found")


def test_revisions_form_a_tree(owner: Caller, edited_photo: Photo, alice: User) -> None:
    first = edited_photo.current
    assert first is not None
    assert first.parent is not None
    rows.create_box_edit(edited_photo, alice, x=40)
    rows.create_box_edit(edited_photo, alice, x=60, base_revision=first.parent)
    rows.run_all_edits()
    results = owner.get(f"photos/{edited_photo.pk}/revisions/").json()["results"]
    revisions = {row["number"]: row for row in results}
    ids = {number: row["id"] for number, row in revisions.items()}
    assert {number: row["parent"] for number, row in revisions.items()} == {
        0: None,
        1: ids[0],
        2: ids[1],
        3: ids[0],
    }
    assert {number: row["children"] for number, row in revisions.items()} == {
        0: [ids[1], ids[3]],
        1: [ids[2]],
        2: [],
        3: [],
    }
    assert {number for number, row in revisions.items() if row["is_on_line"]} == {0, 1, 2}
    assert {number for number, row in revisions.items() if row["is_current"]} == {2}
    owner.post(f"revisions/{ids[3]}/restore/")
    restored = owner.get(f"revisions/{ids[3]}/").json()
    assert (restored["is_current"], restored["is_on_line"], restored["children"]) == (
        True,
        True,
        [],
    )
    assert not owner.get(f"revisions/{ids[2]}/").json()["is_on_line"]


def build_jpeg_with_exif(profile: bytes | None = None) -> bytes:
    """Return a JPEG with camera, time and location in its EXIF data."""
    exif = Image.Exif()
    exif[271], exif[272] = "Maker\0\0", "Model 5"
    exif[282], exif[283], exif[296] = 118.11, 118.11, 3
    exif.get_ifd(0x8769).update({36867: "2024:05:06 07:08:09", 42036: "Lens 50mm"})
    exif.get_ifd(0x8825).update({1: "N", 2: (1.0, 2.0, 3.0)})
    return images.encode_pixels(images.build_scene(96, 64), "JPEG", exif=exif, icc_profile=profile)


def test_the_metadata_of_the_file_is_returned(owner: Caller, alice: User) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    photo = rows.upload(alice, data=build_jpeg_with_exif(profile))
    assert owner.get(f"photos/{photo.pk}/").json()["metadata"] == {
        "profile": "sRGB built-in",
        "dpi": [300.0, 300.0],
        "camera": "Maker Model 5",
        "lens": "Lens 50mm",
        "taken_at": "2024-05-06T07:08:09",
        "has_location": True,
    }


def test_missing_metadata_is_null(owner: Caller, photo: Photo) -> None:
    metadata = owner.get(f"photos/{photo.pk}/").json()["metadata"]
    assert metadata == dict.fromkeys(("profile", "dpi", "camera", "lens", "taken_at")) | {
        "has_location": False
    }
    Photo.objects.filter(pk=photo.pk).update(metadata=None)
    assert owner.get(f"photos/{photo.pk}/").json()["metadata"] is None


def test_renditions_are_listed_with_their_sizes(owner: Caller, alice: User) -> None:
    photo = rows.upload(alice, data=images.build_png(2000, 1001))
    renditions = owner.get(f"photos/{photo.pk}/").json()["renditions"]
    assert [rendition["kind"] for rendition in renditions] == ["thumbnail", "preview"]
    for rendition in renditions:
        image = Image.open(io.BytesIO(owner.get(rendition["url"]).body))
        assert image.size == (rendition["width"], rendition["height"])


def test_a_refused_size_reports_the_accepted_range(owner: Caller, edited_photo: Photo) -> None:
    response = owner.get(f"revisions/{edited_photo.current_id}/download/", size=-1)
    fault = check_problem(response, 400, "invalid_parameter")["errors"][0]
    assert (fault["parameter"], fault["received"]) == ("size", "-1")
    assert fault["expected"]["maximum"] == 100_000
