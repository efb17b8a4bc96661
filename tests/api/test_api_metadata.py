"""Metadata in everything that is sent: no hidden pictures, what is kept, what is stated."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from gallery.models import Photo, Rendition
from gallery.renditions import get_full_rendition
from gallery.services import cleanup, share_link_create
from tests import hidden_files, images, metadata_files, rows
from tests.api.caller import Caller, check_problem
from tests.api.vanish_calls import BOXES
from tests.api.worker import run_jobs_while_waiting
from tests.hidden_pictures import HIDDEN, HIDDEN_JPEG, find_hidden
from tests.metadata_files import CAMERA, COPYRIGHT
from vision.metadata.statement import choose_source_type
from webhooks.models import Delivery, Event
from webhooks.services import webhook_create

pytestmark = pytest.mark.django_db
QUERIES = [
    {"format": name} | extra
    for name in ("original", "jpeg", "png", "webp", "tiff")
    for extra in ({}, {"size": "40"}, {"digital_source_type": "true"})
]
XMP = b"http://ns.adobe.com/xap/1.0/\0" + metadata_files.build_xmp()
EXIF = b"Exif\0\0" + metadata_files.build_exif()


def edit_photo(alice: User, data: bytes) -> Photo:
    photo = rows.upload(alice, data=data)
    rows.create_box_edit(photo, alice)
    rows.run_all_edits()
    photo.refresh_from_db()
    return photo


@pytest.fixture
def described_photo(alice: User) -> Photo:
    """A JPEG with EXIF and XMP, after one edit."""
    data = metadata_files.add_segments(images.build_jpeg(96, 64), (0xE1, EXIF), (0xE1, XMP))
    return edit_photo(alice, data)


@pytest.mark.parametrize("kind", HIDDEN)
def test_nothing_that_is_sent_holds_a_hidden_picture(owner: Caller, alice: User, kind: str) -> None:
    webhook_create(
        user=alice, values={"url": "https://hook.example/", "events": list(Event.values)}
    )
    upload = hidden_files.build_hidden_file("JPEG", HIDDEN[kind])
    photo = edit_photo(alice, upload)
    assert photo.current is not None
    path = f"revisions/{photo.current_id}"
    sent = [owner.get(f"{path}/download/", **query).body for query in QUERIES]
    sent += [owner.get(f"{path}/{name}/").body for name in ("thumbnail", "preview")]
    first = f"revisions/{photo.current.parent_id}/download/"
    sent += [owner.get(first, format=name).body for name in ("png", "webp", "tiff")]
    token = share_link_create(user=alice, album=photo.album).token
    for name in ("shared-thumbnail", "shared-preview", "shared-download"):
        sent.append(owner.get(reverse(name, args=[token, photo.pk])).body)
    sent += [owner.get(f"photos/{photo.pk}/").body, owner.get(f"photos/{photo.pk}/revisions/").body]
    sent += [body.encode() for body in Delivery.objects.values_list("body", flat=True)]
    assert len(sent) == len(QUERIES) + 10 + Delivery.objects.count()
    assert all(sent)
    assert [find_hidden(body) for body in sent] == [[]] * len(sent)
    assert CAMERA.encode() in sent[0]
    assert owner.get(first).body == owner.get(f"photos/{photo.pk}/original/").body == upload
    assert any("MakerNote" in note for note in photo.notes)


@pytest.mark.parametrize("name", ["original", "png", "webp", "tiff"])
def test_vanish_returns_no_hidden_picture(
    owner: Caller, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    run_jobs_while_waiting(monkeypatch)
    data = hidden_files.build_hidden_file("JPEG", HIDDEN_JPEG)
    response = owner.post_form("vanish/", image=data, boxes=BOXES, format=name)
    assert response.status_code == 200
    assert CAMERA.encode() in response.body
    assert find_hidden(response.body) == []


@pytest.mark.parametrize("name", ["original", "png", "webp", "tiff"])
def test_a_download_keeps_the_metadata_and_states_nothing(
    owner: Caller, described_photo: Photo, name: str
) -> None:
    body = owner.get(f"revisions/{described_photo.current_id}/download/", format=name).body
    for part in (CAMERA, COPYRIGHT, "equirectangular"):
        assert part.encode() in body
    assert b"digitalsourcetype" not in body
    assert b"History" not in body


@pytest.mark.parametrize("name", ["original", "png", "webp", "tiff"])
@pytest.mark.parametrize("extra", [{}, {"size": "48"}])
def test_the_edit_is_stated_on_request(
    owner: Caller, described_photo: Photo, name: str, extra: dict[str, str]
) -> None:
    path = f"revisions/{described_photo.current_id}/download/"
    response = owner.get(path, format=name, digital_source_type="true", **extra)
    for part in (choose_source_type({"patchmatch"}), ">edited<", ">Vanish<"):
        assert part.encode() in response.body
    assert (b"equirectangular" in response.body) == (not extra)
    assert response["ETag"] != owner.get(path, format=name, quality="90", **extra).headers.get(
        "ETag"
    )


def test_an_original_states_no_edit(owner: Caller, photo: Photo) -> None:
    path = f"revisions/{photo.current_id}/download/"
    assert owner.get(path, digital_source_type="true").body == owner.get(path).body
    png = owner.get(path, format="webp", digital_source_type="true").body
    assert b"digitalsourcetype" not in png


@pytest.mark.parametrize("value", ["1", "yes", "True", ""])
def test_another_value_than_true_and_false_is_refused(
    owner: Caller, edited_photo: Photo, value: str
) -> None:
    path = f"revisions/{edited_photo.current_id}/download/"
    body = check_problem(owner.get(path, digital_source_type=value), 400, "invalid_parameter")
    assert body["errors"][0]["parameter"] == "digital_source_type"


def test_a_bmp_cannot_state_the_edit(owner: Caller, alice: User) -> None:
    photo = edit_photo(alice, images.encode_pixels(images.build_scene(96, 64), "BMP"))
    path = f"revisions/{photo.current_id}/download/"
    body = check_problem(owner.get(path, digital_source_type="true"), 400, "invalid_parameter")
    assert "choose another format" in body["detail"]


def test_the_statement_is_for_those_who_see_the_photo(
    owner: Caller, viewer: Caller, stranger: Caller, edited_photo: Photo
) -> None:
    path = f"revisions/{edited_photo.current_id}/download/"
    callers = (owner, viewer, stranger, Caller())
    statuses = [caller.get(path, digital_source_type="true").status_code for caller in callers]
    assert statuses == [200, 200, 404, 401]


def test_full_renders_of_earlier_releases_are_not_sent(owner: Caller, edited_photo: Photo) -> None:
    assert edited_photo.current is not None
    rendition = get_full_rendition(edited_photo.current, "PNG").rendition
    old = timezone.now() - timedelta(days=2)
    Rendition.objects.filter(pk=rendition.pk).update(kind="full", created_at=old)
    owner.get(f"revisions/{edited_photo.current_id}/download/")
    kinds = Rendition.objects.filter(revision=edited_photo.current, format="PNG")
    assert set(kinds.values_list("kind", flat=True)) == {"full", "download"}
    assert cleanup.full_renders_sweep() == 1
    assert list(kinds.values_list("kind", flat=True)) == ["download"]
