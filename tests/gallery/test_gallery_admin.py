"""Albums, photos and revisions in the admin."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import User
from gallery.models import Album, Photo, Revision, Role
from gallery.services import album_create
from inpainting.models import Edit
from tests import rows
from tests.admins import create_staff, create_superuser, grant_permissions, sign_in
from tests.storage import list_stored_files

pytestmark = pytest.mark.django_db


@pytest.fixture
def superuser() -> Client:
    """A client of a superuser."""
    return create_superuser()


@pytest.fixture
def photo(alice: User) -> Photo:
    """A photo with files, a detection, an edit that succeeded and one that is queued."""
    photo = rows.upload(alice)
    rows.create_detection(photo)
    rows.create_box_edit(photo, alice)
    rows.run_all_edits()
    rows.create_box_edit(photo, alice, x=40)
    photo.refresh_from_db()
    return photo


def build_url(model: str, verb: str, *keys: object) -> str:
    """Return the path of a page of the admin."""
    return reverse(f"admin:gallery_{model}_{verb}", args=keys)


def get_target_id(photo: Photo, model: str) -> object:
    """Return the primary key of the photo or of its album."""
    return photo.pk if model == "photo" else photo.album_id


@pytest.mark.parametrize("model", ["photo", "album"])
@pytest.mark.parametrize("by_action", [False, True], ids=["single", "action"])
def test_photos_and_albums_are_deleted_with_their_files(
    superuser: Client,
    photo: Photo,
    settings: Settings,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    *,
    model: str,
    by_action: bool,
) -> None:
    key = get_target_id(photo, model)
    assert Revision.objects.count() == 2
    assert list_stored_files()
    with django_capture_on_commit_callbacks(execute=True):
        if by_action:
            form = {"action": "delete_selected", "_selected_action": [key], "post": "yes"}
            response = superuser.post(build_url(model, "changelist"), form)
        else:
            response = superuser.post(build_url(model, "delete", key), {"post": "yes"})
        assert list_stored_files(), "files are deleted only after the commit"
    assert response.status_code == 302
    assert not Photo.objects.exists()
    assert not Edit.objects.exists()
    assert Album.objects.exists() == (model == "photo")
    assert list_stored_files() == []


def test_a_deletion_leaves_other_photos_alone(
    superuser: Client,
    alice: User,
    photo: Photo,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    other = rows.upload(alice, album=album_create(user=alice, name="Other"))
    with django_capture_on_commit_callbacks(execute=True):
        superuser.post(build_url("album", "delete", photo.album_id), {"post": "yes"})
    assert list(Photo.objects.all()) == [other]
    with other.original.open() as file:
        assert file.read(8).startswith(b"\x89PNG")


@pytest.mark.parametrize("model", ["photo", "album"])
def test_before_a_deletion_the_admin_lists_what_is_deleted(
    superuser: Client, photo: Photo, model: str
) -> None:
    response = superuser.get(build_url(model, "delete", get_target_id(photo, model)))
    text = response.content.decode()
    assert response.status_code == 200
    assert "Are you sure" in text
    assert "Revisions: 2" in text


@pytest.mark.parametrize("model", ["photo", "album"])
def test_deleting_needs_exactly_the_delete_permission(photo: Photo, model: str) -> None:
    key = get_target_id(photo, model)
    delete = build_url(model, "delete", key)
    client = create_staff(f"view_{model}")
    assert client.post(delete, {"post": "yes"}).status_code == 403
    form = {"action": "delete_selected", "_selected_action": [key], "post": "yes"}
    client.post(build_url(model, "changelist"), form)
    assert Photo.objects.count() == 1
    entitled = grant_permissions(User.objects.get(email="staff@people.example"), f"delete_{model}")
    assert sign_in(entitled).post(delete, {"post": "yes"}).status_code == 302
    assert Photo.objects.count() == 0


def test_a_revision_cannot_be_deleted_alone(superuser: Client, photo: Photo) -> None:
    response = superuser.post(build_url("revision", "delete", photo.current_id), {"post": "yes"})
    assert response.status_code == 403
    assert Revision.objects.count() == 2


@pytest.mark.parametrize("model", ["photo", "revision"])
def test_nobody_adds_or_changes_by_hand(superuser: Client, photo: Photo, model: str) -> None:
    assert superuser.get(build_url(model, "add")).status_code == 403
    key = photo.pk if model == "photo" else photo.current_id
    assert (
        superuser.post(build_url(model, "change", key), {"title": "x", "label": "x"}).status_code
        == 403
    )


@pytest.mark.parametrize("model", ["photo", "revision"])
def test_lists_show_thumbnails(superuser: Client, photo: Photo, model: str) -> None:
    path = reverse("admin-thumbnail", args=[photo.current_id])
    assert f'src="{path}"' in superuser.get(build_url(model, "changelist")).content.decode()
    response = superuser.get(path)
    assert (response.status_code, response["Content-Type"]) == (200, "image/webp")
    assert b"".join(response)[8:12] == b"WEBP"


def test_a_photos_page_shows_its_thumbnail_and_no_file_name(
    superuser: Client, photo: Photo
) -> None:
    text = superuser.get(build_url("photo", "change", photo.pk)).content.decode()
    assert reverse("admin-thumbnail", args=[photo.current_id]) in text
    assert photo.original_sha256 in text
    assert str(photo.original) not in text


def test_thumbnails_need_the_permission_to_view_photos(alice: User, photo: Photo) -> None:
    path = reverse("admin-thumbnail", args=[photo.current_id])
    response = sign_in(alice).get(path)
    assert response.status_code == 302
    assert "/admin/login/" in response["Location"]
    assert create_staff("view_album").get(path).status_code == 403


def test_staff_who_may_view_photos_get_thumbnails(photo: Photo) -> None:
    response = create_staff("view_photo").get(reverse("admin-thumbnail", args=[photo.current_id]))
    assert response.status_code == 200
    response.close()


def test_the_lists_show_owner_size_and_counts(superuser: Client, bob: User, photo: Photo) -> None:
    rows.share(photo.album, bob, Role.VIEWER)
    text = superuser.get(build_url("album", "changelist")).content.decode()
    assert '<td class="field-owner">alice@people.example</td>' in text
    assert '<td class="field-photo_count">1</td>' in text
    text = superuser.get(build_url("photo", "changelist"), {"q": str(photo.pk)}).content.decode()
    assert '<td class="field-size">96×64</td>' in text
    text = superuser.get(build_url("revision", "changelist")).content.decode()
    assert '<td class="field-patch_count">1</td>' in text


def test_a_second_owner_is_refused_with_a_message(
    superuser: Client, bob: User, photo: Photo
) -> None:
    member = photo.album.memberships.get()
    form = {
        "name": "Album",
        "memberships-TOTAL_FORMS": "2",
        "memberships-INITIAL_FORMS": "1",
        "memberships-0-id": member.pk,
        "memberships-0-album": photo.album_id,
        "memberships-0-user": member.user_id,
        "memberships-0-role": "owner",
        "memberships-1-album": photo.album_id,
        "memberships-1-user": bob.pk,
        "memberships-1-role": "owner",
    }
    response = superuser.post(build_url("album", "change", photo.album_id), form)
    assert response.status_code == 200
    assert "one_owner_per_album" in response.content.decode()
    assert photo.album.memberships.count() == 1
