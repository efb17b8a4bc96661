"""Lists need the same number of database queries for many rows as for few."""

import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.services import token_create
from gallery.models import Photo, Revision, Role
from gallery.services import album_create, share_link_create
from inpainting.models import Detection, DetectionRun, Edit, Mask
from tests import people, rows
from tests.api.caller import Caller
from webhooks.services import WebhookValues, webhook_create

pytestmark = pytest.mark.django_db
Add = Callable[[Photo], object]


def copy_photo(photo: Photo) -> None:
    """Create another photo with the same files and one queued edit."""
    other = Photo.objects.get(pk=photo.pk)
    other.pk = uuid.uuid4()
    other.current = other.tip = None
    other.save(force_insert=True)
    other.current = other.tip = Revision.objects.create(photo=other, number=0, label="Original")
    other.save()
    DetectionRun.objects.create(photo=other, detector="local")
    copy_edit(other)


def copy_edit(photo: Photo) -> Edit:
    """Create a queued edit with a detection."""
    mask = Mask.objects.create(photo=photo, file="x", width=1, height=1, covered_pixels=1)
    edit = Edit.objects.create(
        photo=photo, base_revision=photo.current, mask=mask, inpainter="patchmatch", label="x"
    )
    edit.detections.add(rows.create_detection(photo))
    return edit


def add_revision(photo: Photo) -> None:
    """Create a revision on top of the current one and make it current."""
    number = photo.revisions.count()
    photo.current = photo.tip = Revision.objects.create(
        photo=photo, number=number, parent=photo.current, edit=copy_edit(photo), label="x"
    )
    photo.save()


def add_member(photo: Photo) -> None:
    name = f"p{photo.album.memberships.count()}"
    rows.share(photo.album, people.create_person(name), Role.VIEWER)


def add_share_link(photo: Photo) -> None:
    share_link_create(user=get_owner(photo), album=photo.album, photo=photo)


def add_album(photo: Photo) -> None:
    album_create(user=get_owner(photo), name="x")


def add_token(photo: Photo) -> None:
    token_create(user=get_owner(photo), name="x", scopes=["read"], expires_in=None)


def add_webhook(photo: Photo) -> None:
    settings: WebhookValues = {"url": "https://shop.example/", "events": ["edit.failed"]}
    webhook_create(user=get_owner(photo), values=settings)


def add_detection(photo: Photo) -> Detection:
    return rows.create_detection(photo)


def get_owner(photo: Photo) -> User:
    return photo.album.memberships.get(role=Role.OWNER).user


def count_queries(caller: Caller, path: str) -> tuple[int, int]:
    """Return the number of queries and the number of rows."""
    with CaptureQueriesContext(connection) as queries:
        response = caller.get(path)
    return len(queries), len(response.json()["results"])


@pytest.mark.parametrize(
    ("path", "add"),
    [
        ("photos/", copy_photo),
        ("photos/?album={album}", copy_photo),
        ("albums/", add_album),
        ("albums/{album}/members/", add_member),
        ("albums/{album}/share-links/", add_share_link),
        ("auth/tokens/", add_token),
        ("webhooks/", add_webhook),
        ("photos/{photo}/edits/", copy_edit),
        ("edits/", copy_edit),
        ("edits/?state=queued", copy_edit),
        ("photos/?has_unfinished_edits=true", copy_photo),
        ("photos/{photo}/masks/", copy_edit),
        ("photos/{photo}/revisions/", add_revision),
        ("photos/{photo}/detections/", add_detection),
        ("photos/{photo}/detections/", add_revision),
    ],
)
def test_the_number_of_queries_does_not_depend_on_the_rows(
    owner: Caller, photo: Photo, path: str, add: Add
) -> None:
    path = path.format(photo=photo.pk, album=photo.album_id)
    for _ in range(2):
        add(photo)
    few, few_rows = count_queries(owner, path)
    for _ in range(4):
        add(photo)
    many, many_rows = count_queries(owner, path)
    assert many == few
    assert many_rows == few_rows + 4
