"""Pictures as they are wanted: format, size, quality; the tree of states; what a file says."""

import io

import pytest
from PIL import Image, ImageCms

from accounts.models import User
from gallery.models import Photo, Rendition
from tests import images, rows
from tests.api.caller import Caller, problem

pytestmark = pytest.mark.django_db


def picture(owner: Caller, photo: Photo, **query: object) -> "Image.Image":
    answer = owner.get(f"revisions/{photo.current_id}/download/", **query)
    assert answer.status_code == 200, answer.body
    assert int(answer["Content-Length"]) == len(answer.body)
    opened = Image.open(io.BytesIO(answer.body))
    assert answer["Content-Type"] == Image.MIME[str(opened.format)]
    return opened


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
def test_a_state_in_a_format_and_size(
    owner: Caller, edited: Photo, query: dict[str, object], kind: str, size: tuple[int, int]
) -> None:
    got = picture(owner, edited, **query)
    assert (got.format, got.size) == (kind, size)


def test_what_is_made_for_once_is_not_kept(owner: Caller, edited: Photo) -> None:
    before = Rendition.objects.count()
    picture(owner, edited, size=48)
    assert Rendition.objects.count() == before


def test_less_quality_is_fewer_bytes(owner: Caller, alice: User) -> None:
    photo = rows.upload(alice, data=images.encode_pixels(images.build_scene(320, 240), "PNG"))
    here = f"revisions/{photo.current_id}/download/"
    good, poor = (owner.get(here, format="jpeg", quality=quality).body for quality in (95, 20))
    assert len(poor) < len(good) / 2


def test_the_profile_stays_and_the_camera_goes(owner: Caller, alice: User) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = with_exif(profile)
    photo = rows.upload(alice, data=data)
    small = picture(owner, photo, size=48)
    assert small.info["icc_profile"] == profile
    assert not small.getexif()
    assert picture(owner, photo, quality=80).getexif()[272] == "Model 5"


def test_who_has_it_is_told_so(owner: Caller, edited: Photo) -> None:
    here = f"revisions/{edited.current_id}/download/"
    tag = owner.get(here, size=48)["ETag"]
    owner.headers["If-None-Match"] = tag
    assert owner.get(here, size=48).status_code == 304
    assert owner.get(here, size=47).status_code == 200


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
def test_what_makes_no_sense_is_refused(
    owner: Caller, edited: Photo, query: dict[str, object], code: str
) -> None:
    answer = owner.get(f"revisions/{edited.current_id}/download/", **query)
    body = problem(answer, 400, code)
    assert body["errors"][0]["parameter"] in query


def test_strangers_get_no_size_of_it(stranger: Caller, edited: Photo) -> None:
    answer = stranger.get(f"revisions/{edited.current_id}/download/", size=48)
    problem(answer, 404, "not_found")


def test_the_states_are_a_tree(owner: Caller, edited: Photo, alice: User) -> None:
    first = edited.current
    assert first is not None
    assert first.parent is not None
    rows.create_box_edit(edited, alice, x=40)
    rows.create_box_edit(edited, alice, x=60, base_revision=first.parent)
    rows.run_all_edits()
    listed = owner.get(f"photos/{edited.pk}/revisions/").json()["results"]
    told = {row["number"]: row for row in listed}
    ids = {number: row["id"] for number, row in told.items()}
    assert {number: row["parent"] for number, row in told.items()} == {
        0: None,
        1: ids[0],
        2: ids[1],
        3: ids[0],
    }
    assert {number: row["children"] for number, row in told.items()} == {
        0: [ids[1], ids[3]],
        1: [ids[2]],
        2: [],
        3: [],
    }
    assert {number for number, row in told.items() if row["is_on_line"]} == {0, 1, 2}
    assert {number for number, row in told.items() if row["is_current"]} == {2}
    owner.post(f"revisions/{ids[3]}/restore/")
    alone = owner.get(f"revisions/{ids[3]}/").json()
    assert (alone["is_current"], alone["is_on_line"], alone["children"]) == (True, True, [])
    assert not owner.get(f"revisions/{ids[2]}/").json()["is_on_line"]


def with_exif(profile: bytes | None = None) -> bytes:
    """A JPEG of a camera that knew when and where."""
    exif = Image.Exif()
    exif[271], exif[272] = "Maker\0\0", "Model 5"
    exif[282], exif[283], exif[296] = 118.11, 118.11, 3
    exif.get_ifd(0x8769).update({36867: "2024:05:06 07:08:09", 42036: "Lens 50mm"})
    exif.get_ifd(0x8825).update({1: "N", 2: (1.0, 2.0, 3.0)})
    return images.encode_pixels(images.build_scene(96, 64), "JPEG", exif=exif, icc_profile=profile)


def test_what_the_file_says_is_told(owner: Caller, alice: User) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    photo = rows.upload(alice, data=with_exif(profile))
    assert owner.get(f"photos/{photo.pk}/").json()["metadata"] == {
        "profile": "sRGB built-in",
        "dpi": [300.0, 300.0],
        "camera": "Maker Model 5",
        "lens": "Lens 50mm",
        "taken_at": "2024-05-06T07:08:09",
        "has_location": True,
    }


def test_what_the_file_does_not_say_is_left_open(owner: Caller, photo: Photo) -> None:
    told = owner.get(f"photos/{photo.pk}/").json()["metadata"]
    assert told == dict.fromkeys(("profile", "dpi", "camera", "lens", "taken_at")) | {
        "has_location": False
    }
    Photo.objects.filter(pk=photo.pk).update(metadata=None)
    assert owner.get(f"photos/{photo.pk}/").json()["metadata"] is None


def test_renditions_are_told_with_their_sizes(owner: Caller, alice: User) -> None:
    photo = rows.upload(alice, data=images.build_png(2000, 1001))
    told = owner.get(f"photos/{photo.pk}/").json()["renditions"]
    assert [rendition["kind"] for rendition in told] == ["thumbnail", "preview"]
    for rendition in told:
        shown = Image.open(io.BytesIO(owner.get(rendition["url"]).body))
        assert shown.size == (rendition["width"], rendition["height"])


def test_a_refusal_says_what_would_have_been_taken(owner: Caller, edited: Photo) -> None:
    answer = owner.get(f"revisions/{edited.current_id}/download/", size=-1)
    fault = problem(answer, 400, "invalid_parameter")["errors"][0]
    assert (fault["parameter"], fault["received"]) == ("size", "-1")
    assert fault["expected"]["maximum"] == 100_000
