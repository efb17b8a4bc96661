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
def boss() -> Client:
    return create_superuser()


@pytest.fixture
def photo(alice: User) -> Photo:
    """A photo with everything that hangs on one: files, a done edit, a queued one, detections."""
    photo = rows.upload(alice)
    rows.create_detection(photo)
    rows.create_box_edit(photo, alice)
    rows.run_all_edits()
    rows.create_box_edit(photo, alice, x=40)
    photo.refresh_from_db()
    return photo


def page(model: str, verb: str, *keys: object) -> str:
    return reverse(f"admin:gallery_{model}_{verb}", args=keys)


def target_of(photo: Photo, model: str) -> object:
    return photo.pk if model == "photo" else photo.album_id


@pytest.mark.parametrize("model", ["photo", "album"])
@pytest.mark.parametrize("by_action", [False, True], ids=["single", "action"])
def test_photos_and_albums_are_deleted_with_their_files(
    boss: Client,
    photo: Photo,
    settings: Settings,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    *,
    model: str,
    by_action: bool,
) -> None:
    key = target_of(photo, model)
    assert Revision.objects.count() == 2
    assert list_stored_files()
    with django_capture_on_commit_callbacks(execute=True):
        if by_action:
            form = {"action": "delete_selected", "_selected_action": [key], "post": "yes"}
            answer = boss.post(page(model, "changelist"), form)
        else:
            answer = boss.post(page(model, "delete", key), {"post": "yes"})
        assert list_stored_files(), "files go only once the rows are safely gone"
    assert answer.status_code == 302
    assert not Photo.objects.exists()
    assert not Edit.objects.exists()
    assert Album.objects.exists() == (model == "photo")
    assert list_stored_files() == []


def test_a_deletion_leaves_other_photos_alone(
    boss: Client,
    alice: User,
    photo: Photo,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    other = rows.upload(alice, album=album_create(user=alice, name="Other"))
    with django_capture_on_commit_callbacks(execute=True):
        boss.post(page("album", "delete", photo.album_id), {"post": "yes"})
    assert list(Photo.objects.all()) == [other]
    with other.original.open() as file:
        assert file.read(8).startswith(b"\x89PNG")


@pytest.mark.parametrize("model", ["photo", "album"])
def test_before_a_deletion_the_admin_says_what_goes(boss: Client, photo: Photo, model: str) -> None:
    answer = boss.get(page(model, "delete", target_of(photo, model)))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Are you sure" in text
    assert "Revisions: 2" in text


@pytest.mark.parametrize("model", ["photo", "album"])
def test_the_right_to_delete_is_needed_and_enough(photo: Photo, model: str) -> None:
    key = target_of(photo, model)
    delete = page(model, "delete", key)
    client = create_staff(f"view_{model}")
    assert client.post(delete, {"post": "yes"}).status_code == 403
    form = {"action": "delete_selected", "_selected_action": [key], "post": "yes"}
    client.post(page(model, "changelist"), form)
    assert Photo.objects.count() == 1
    entitled = grant_permissions(User.objects.get(email="staff@people.example"), f"delete_{model}")
    assert sign_in(entitled).post(delete, {"post": "yes"}).status_code == 302
    assert Photo.objects.count() == 0


def test_history_cannot_be_deleted_by_itself(boss: Client, photo: Photo) -> None:
    answer = boss.post(page("revision", "delete", photo.current_id), {"post": "yes"})
    assert answer.status_code == 403
    assert Revision.objects.count() == 2


@pytest.mark.parametrize("model", ["photo", "revision"])
def test_nobody_adds_or_changes_by_hand(boss: Client, photo: Photo, model: str) -> None:
    assert boss.get(page(model, "add")).status_code == 403
    key = photo.pk if model == "photo" else photo.current_id
    assert boss.post(page(model, "change", key), {"title": "x", "label": "x"}).status_code == 403


@pytest.mark.parametrize("model", ["photo", "revision"])
def test_lists_show_thumbnails(boss: Client, photo: Photo, model: str) -> None:
    address = reverse("admin-thumbnail", args=[photo.current_id])
    assert f'src="{address}"' in boss.get(page(model, "changelist")).content.decode()
    answer = boss.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert b"".join(answer)[8:12] == b"WEBP"


def test_a_photos_page_shows_it_and_links_to_no_file(boss: Client, photo: Photo) -> None:
    text = boss.get(page("photo", "change", photo.pk)).content.decode()
    assert reverse("admin-thumbnail", args=[photo.current_id]) in text
    assert photo.original_sha256 in text
    assert str(photo.original) not in text


def test_thumbnails_are_for_those_who_may_see_photos(alice: User, photo: Photo) -> None:
    address = reverse("admin-thumbnail", args=[photo.current_id])
    refused = sign_in(alice).get(address)
    assert refused.status_code == 302
    assert "/admin/login/" in refused["Location"]
    assert create_staff("view_album").get(address).status_code == 403


def test_staff_who_may_see_photos_see_thumbnails(photo: Photo) -> None:
    answer = create_staff("view_photo").get(reverse("admin-thumbnail", args=[photo.current_id]))
    assert answer.status_code == 200
    answer.close()


def test_the_lists_say_what_is_what(boss: Client, bob: User, photo: Photo) -> None:
    rows.share(photo.album, bob, Role.VIEWER)
    text = boss.get(page("album", "changelist")).content.decode()
    assert '<td class="field-owner">alice@people.example</td>' in text
    assert '<td class="field-photo_count">1</td>' in text
    text = boss.get(page("photo", "changelist"), {"q": str(photo.pk)}).content.decode()
    assert '<td class="field-size">96×64</td>' in text
    text = boss.get(page("revision", "changelist")).content.decode()
    assert '<td class="field-patch_count">1</td>' in text


def test_a_second_owner_is_refused_with_a_sentence(boss: Client, bob: User, photo: Photo) -> None:
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
    answer = boss.post(page("album", "change", photo.album_id), form)
    assert answer.status_code == 200
    assert "one_owner_per_album" in answer.content.decode()
    assert photo.album.memberships.count() == 1
