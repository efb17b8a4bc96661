"""Events are recorded for each webhook in the transaction of the change itself."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from gallery.models import Album, Photo, Role
from gallery.services import album_create, album_delete, member_remove, photo_delete
from inpainting.models import DetectionRun, Edit
from inpainting.services import (
    detection_claim_next,
    detection_run,
    edit_cancel,
    edit_claim_next,
    edit_run,
)
from jobs.claims import end_after_error, release_expired
from jobs.models import State
from tests import rows
from tests.webhooks.receiver import Receiver
from vision.errors import PictureRejected
from webhooks.models import Delivery, Event, Webhook
from webhooks.services import WebhookValues, webhook_create, webhook_update

pytestmark = pytest.mark.django_db
Commits = Callable[..., AbstractContextManager[list[Any]]]


def read_events(webhook: Webhook) -> list[dict[str, Any]]:
    """Return the events recorded for the webhook, oldest first."""
    return [json.loads(row.body) for row in webhook.deliveries.order_by("created_at", "id")]


def read_types(webhook: Webhook) -> list[str]:
    """Return the types of the events recorded for the webhook."""
    return [event["type"] for event in read_events(webhook)]


def create_webhook(user: User, receiver: Receiver, **values: Any) -> Webhook:
    """Create a webhook, for all events unless `values` says otherwise."""
    settings: WebhookValues = {"url": receiver.build_url(), "events": Event.values} | values  # type: ignore[assignment]
    return webhook_create(user=user, values=settings)


def test_an_edit_that_succeeds_is_an_event_with_its_revision(
    alice: User, photo: Photo, webhook: Webhook, django_capture_on_commit_callbacks: Commits
) -> None:
    rows.create_box_edit(photo, alice)
    with django_capture_on_commit_callbacks() as after:
        (edit,) = rows.run_all_edits()
    (event,) = read_events(webhook)
    assert set(event) == {"type", "timestamp", "data"}
    assert event["type"] == "edit.succeeded"
    assert event["data"] == {
        "edit": str(edit.pk),
        "photo": str(photo.pk),
        "album": str(photo.album_id),
        "state": "succeeded",
        "error": None,
        "revision": str(edit.revision.pk),
        "is_branch": False,
        "url": f"/api/v1/edits/{edit.pk}/",
    }
    assert [call for call in after if "send_wakeup" in call.__qualname__]


def test_an_edit_is_an_event_when_it_fails_permanently_not_when_it_is_retried(
    alice: User, photo: Photo, webhook: Webhook
) -> None:
    rows.create_box_edit(photo, alice)
    edit = edit_claim_next()
    assert edit is not None
    end_after_error(edit, OSError("full"), fallback_message="x", timings={})
    assert read_events(webhook) == []
    Edit.objects.update(not_before=None)
    edit = edit_claim_next()
    assert edit is not None
    error = PictureRejected("Not a picture.", code="broken")
    end_after_error(edit, error, fallback_message="x", timings={})
    (event,) = read_events(webhook)
    assert (event["type"], event["data"]["error"]) == ("edit.failed", "broken")
    assert event["data"]["revision"] is None


def test_a_cancelled_edit_is_an_event_whether_queued_or_running(
    alice: User, photo: Photo, webhook: Webhook
) -> None:
    first, second = (rows.create_box_edit(photo, alice, x=x) for x in (10, 40))
    edit_cancel(user=alice, edit=second)
    running = edit_claim_next()
    assert running == first
    edit_cancel(user=alice, edit=first)
    assert [event["data"]["edit"] for event in read_events(webhook)] == [str(second.pk)]
    edit_run(running)
    assert read_types(webhook) == ["edit.cancelled"] * 2


def test_edits_that_lost_their_workers_are_events(
    alice: User, photo: Photo, webhook: Webhook
) -> None:
    for x in (10, 40):
        edit = rows.create_box_edit(photo, alice, x=x)
        past = timezone.now() - timedelta(seconds=1)
        Edit.objects.filter(pk=edit.pk).update(
            state=State.RUNNING, attempt=3, lease_expires_at=past
        )
    Edit.objects.filter(pk=edit.pk).update(cancel_requested_at=past)
    assert release_expired(Edit.objects.all()) == 2
    assert sorted(read_types(webhook)) == ["edit.cancelled", "edit.failed"]


@pytest.mark.usefixtures("local_detector")
@pytest.mark.usefixtures("test_data")
def test_a_detection_is_an_event_when_it_succeeds_and_when_it_fails(
    alice: User, photo: Photo, webhook: Webhook
) -> None:
    for error in (None, PictureRejected("Not a picture.", code="broken")):
        DetectionRun.objects.update(state=State.QUEUED)
        run = detection_claim_next()
        assert run is not None
        if error is None:
            detection_run(run)
        else:
            end_after_error(run, error, fallback_message="x", timings={})
    succeeded, failed = read_events(webhook)
    assert (succeeded["type"], failed["type"]) == ("detection.succeeded", "detection.failed")
    assert succeeded["data"] == {
        "photo": str(photo.pk),
        "album": str(photo.album_id),
        "state": "succeeded",
        "error": None,
        "url": f"/api/v1/photos/{photo.pk}/detections/",
    }
    assert failed["data"]["error"] == "broken"


def test_created_and_deleted_photos_are_events(alice: User, photo: Photo, webhook: Webhook) -> None:
    new_photo = rows.upload(alice)
    photo_delete(user=alice, photo=new_photo)
    album_delete(user=alice, album=photo.album)
    created, deleted, deleted_with_album = read_events(webhook)
    ids = {"photo": str(new_photo.pk), "album": str(photo.album_id)}
    assert (created["type"], created["data"]) == (
        "photo.created",
        ids | {"url": f"/api/v1/photos/{new_photo.pk}/"},
    )
    assert (deleted["type"], deleted["data"]) == ("photo.deleted", ids)
    assert deleted_with_album["data"]["photo"] == str(photo.pk)


def test_only_users_who_may_see_the_photo_get_its_events(
    alice: User, bob: User, charlie: User, photo: Photo, receiver: Receiver
) -> None:
    member = rows.share(photo.album, bob, Role.VIEWER)
    webhooks = [create_webhook(user, receiver) for user in (alice, bob, charlie)]
    rows.upload(alice)
    assert [len(read_events(webhook)) for webhook in webhooks] == [1, 1, 0]

    member_remove(user=alice, member=member)
    rows.upload(alice)
    assert [len(read_events(webhook)) for webhook in webhooks] == [2, 1, 0]


def test_an_event_in_one_of_several_albums_is_recorded_once(
    alice: User, photo: Photo, webhook: Webhook
) -> None:
    for name in ("a", "b"):
        album_create(user=alice, name=name)
    rows.upload(alice)
    assert read_types(webhook) == ["photo.created"]


@pytest.fixture
def other(alice: User) -> Album:
    """Another album of Alice's."""
    return album_create(user=alice, name="Other")


def test_a_webhook_gets_only_the_chosen_events_and_album(
    alice: User, photo: Photo, other: Album, receiver: Receiver
) -> None:
    deletions_webhook = create_webhook(alice, receiver, events=[Event.PHOTO_DELETED])
    album_webhook = create_webhook(alice, receiver, album=other)
    for album in (photo.album, other):
        photo_delete(user=alice, photo=rows.upload(alice, album=album))
    assert read_types(deletions_webhook) == ["photo.deleted"] * 2
    assert {event["data"]["album"] for event in read_events(album_webhook)} == {str(other.pk)}
    assert read_types(album_webhook) == ["photo.created", "photo.deleted"]


def test_an_inactive_webhook_gets_no_events(alice: User, photo: Photo, webhook: Webhook) -> None:
    webhook_update(user=alice, webhook=webhook, values={"is_active": False})
    rows.upload(alice)
    assert read_events(webhook) == []


def test_a_rolled_back_change_is_no_event(alice: User, photo: Photo, webhook: Webhook) -> None:
    class RolledBack(Exception):
        pass

    def upload_and_fail() -> None:
        with transaction.atomic():
            rows.upload(alice)
            assert Delivery.objects.count() == 1
            raise RolledBack

    with pytest.raises(RolledBack):
        upload_and_fail()
    assert Delivery.objects.count() == 0
