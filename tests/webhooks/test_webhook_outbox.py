"""What happens is written down for whoever listens, together with what happened."""

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


def events(webhook: Webhook) -> list[dict[str, Any]]:
    """What was written down for it, oldest first."""
    return [json.loads(row.body) for row in webhook.deliveries.order_by("created_at", "id")]


def types(webhook: Webhook) -> list[str]:
    return [event["type"] for event in events(webhook)]


def listening(user: User, receiver: Receiver, **wishes: Any) -> Webhook:
    chosen: WebhookValues = {"url": receiver.url(), "events": Event.values} | wishes  # type: ignore[assignment]
    return webhook_create(user=user, values=chosen)


def test_an_edit_that_succeeds_is_told_with_its_revision(
    alice: User, photo: Photo, webhook: Webhook, django_capture_on_commit_callbacks: Commits
) -> None:
    rows.create_box_edit(photo, alice)
    with django_capture_on_commit_callbacks() as after:
        (edit,) = rows.run_all_edits()
    (event,) = events(webhook)
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


def test_an_edit_that_fails_for_good_is_told_and_one_that_is_tried_again_is_not(
    alice: User, photo: Photo, webhook: Webhook
) -> None:
    rows.create_box_edit(photo, alice)
    edit = edit_claim_next()
    assert edit is not None
    end_after_error(edit, OSError("full"), fallback_message="x", timings={})
    assert events(webhook) == []
    Edit.objects.update(not_before=None)
    edit = edit_claim_next()
    assert edit is not None
    fault = PictureRejected("Not a picture.", code="broken")
    end_after_error(edit, fault, fallback_message="x", timings={})
    (event,) = events(webhook)
    assert (event["type"], event["data"]["error"]) == ("edit.failed", "broken")
    assert event["data"]["revision"] is None


def test_a_cancelled_edit_is_told_waiting_or_running(
    alice: User, photo: Photo, webhook: Webhook
) -> None:
    first, second = (rows.create_box_edit(photo, alice, x=x) for x in (10, 40))
    edit_cancel(user=alice, edit=second)
    running = edit_claim_next()
    assert running == first
    edit_cancel(user=alice, edit=first)
    assert [event["data"]["edit"] for event in events(webhook)] == [str(second.pk)]
    edit_run(running)
    assert types(webhook) == ["edit.cancelled"] * 2


def test_edits_that_lost_their_workers_are_told(
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
    assert sorted(types(webhook)) == ["edit.cancelled", "edit.failed"]


@pytest.mark.usefixtures("local_detector")
def test_detection_is_told_either_way(alice: User, photo: Photo, webhook: Webhook) -> None:
    for fault in (None, PictureRejected("Not a picture.", code="broken")):
        DetectionRun.objects.update(state=State.QUEUED)
        run = detection_claim_next()
        assert run is not None
        if fault is None:
            detection_run(run)
        else:
            end_after_error(run, fault, fallback_message="x", timings={})
    done, failed = events(webhook)
    assert (done["type"], failed["type"]) == ("detection.succeeded", "detection.failed")
    assert done["data"] == {
        "photo": str(photo.pk),
        "album": str(photo.album_id),
        "state": "succeeded",
        "error": None,
        "url": f"/api/v1/photos/{photo.pk}/detections/",
    }
    assert failed["data"]["error"] == "broken"


def test_photos_are_told_as_they_come_and_go(alice: User, photo: Photo, webhook: Webhook) -> None:
    fresh = rows.upload(alice)
    photo_delete(user=alice, photo=fresh)
    album_delete(user=alice, album=photo.album)
    came, went, went_too = events(webhook)
    ids = {"photo": str(fresh.pk), "album": str(photo.album_id)}
    assert (came["type"], came["data"]) == (
        "photo.created",
        ids | {"url": f"/api/v1/photos/{fresh.pk}/"},
    )
    assert (went["type"], went["data"]) == ("photo.deleted", ids)
    assert went_too["data"]["photo"] == str(photo.pk)


def test_who_may_see_the_photo_is_told_and_nobody_else(
    alice: User, bob: User, charlie: User, photo: Photo, receiver: Receiver
) -> None:
    member = rows.share(photo.album, bob, Role.VIEWER)
    hers, his, strangers = (listening(user, receiver) for user in (alice, bob, charlie))
    rows.upload(alice)
    assert (len(events(hers)), len(events(his)), len(events(strangers))) == (1, 1, 0)

    member_remove(user=alice, member=member)
    rows.upload(alice)
    assert (len(events(hers)), len(events(his)), len(events(strangers))) == (2, 1, 0)


def test_an_event_in_one_of_several_albums_comes_once(
    alice: User, photo: Photo, webhook: Webhook
) -> None:
    for name in ("a", "b"):
        album_create(user=alice, name=name)
    rows.upload(alice)
    assert types(webhook) == ["photo.created"]


@pytest.fixture
def other(alice: User) -> Album:
    """Another album of Alice's."""
    return album_create(user=alice, name="Other")


def test_only_what_was_chosen_is_told(
    alice: User, photo: Photo, other: Album, receiver: Receiver
) -> None:
    deletions = listening(alice, receiver, events=[Event.PHOTO_DELETED])
    of_album = listening(alice, receiver, album=other)
    for album in (photo.album, other):
        photo_delete(user=alice, photo=rows.upload(alice, album=album))
    assert types(deletions) == ["photo.deleted"] * 2
    assert {event["data"]["album"] for event in events(of_album)} == {str(other.pk)}
    assert types(of_album) == ["photo.created", "photo.deleted"]


def test_one_that_is_off_is_told_nothing(alice: User, photo: Photo, webhook: Webhook) -> None:
    webhook_update(user=alice, webhook=webhook, values={"is_active": False})
    rows.upload(alice)
    assert events(webhook) == []


def test_what_is_taken_back_is_not_told(alice: User, photo: Photo, webhook: Webhook) -> None:
    class TakenBack(Exception):
        pass

    def upload_and_fail() -> None:
        with transaction.atomic():
            rows.upload(alice)
            assert Delivery.objects.count() == 1
            raise TakenBack

    with pytest.raises(TakenBack):
        upload_and_fail()
    assert Delivery.objects.count() == 0
