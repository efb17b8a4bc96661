"""The queue in the admin: its lists and page, its actions, and their permissions."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Token, User
from accounts.services import token_create
from gallery.models import Album, Photo, Revision
from gallery.services import album_create
from inpainting.models import Detection, DetectionRun, Edit, Mask
from jobs.models import State
from tests import people, rows
from tests.admins import create_staff, create_superuser, grant_permissions, sign_in

pytestmark = pytest.mark.django_db

MODELS = (User, Token, Album, Photo, Revision, Edit, DetectionRun, Detection, Mask)


@pytest.fixture
def superuser() -> Client:
    """A client of a superuser."""
    return create_superuser()


@pytest.fixture
def photo(alice: User) -> Photo:
    return rows.upload(alice)


def build_url(model: type[Model], verb: str, *keys: object) -> str:
    """Return the path of a page of the admin."""
    meta = model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{verb}", args=keys)


def run_action(client: Client, action: str, *jobs: Edit | DetectionRun) -> str:
    """Run an action on `jobs` and read them again; return the messages of the admin."""
    form = {"action": action, "_selected_action": [job.pk for job in jobs]}
    response = client.post(build_url(type(jobs[0]), "changelist"), form, follow=True)
    assert response.status_code == 200
    for job in jobs:
        job.refresh_from_db()
    return " ".join(f"{each.level_tag}: {each.message}" for each in response.context["messages"])


def fail_edit(edit: Edit) -> Edit:
    """Let `edit` fail after two and a half seconds."""
    ended = timezone.now()
    edit.state, edit.attempt = State.FAILED, 3
    edit.started_at, edit.finished_at = ended - timedelta(seconds=2.5), ended
    edit.timings = {"fill": 1.25}
    edit.error_code, edit.error_message = "internal_error", "Filling <failed>."
    edit.save()
    return edit


def create_one_of_each(user: User) -> None:
    """Create one more row of every model in the admin."""
    photo = rows.upload(user, album=album_create(user=user, name="x"))
    rows.create_detection(photo)
    rows.create_box_edit(photo, user)
    rows.run_all_edits()
    token_create(user=user, name="x", scopes=["read"], expires_in=None)


def count_queries(client: Client, path: str) -> int:
    """Return how many queries the page takes."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_lists_take_as_many_queries_for_four_rows_as_for_one(superuser: Client) -> None:
    create_one_of_each(people.create_person("p0"))
    before = {model: count_queries(superuser, build_url(model, "changelist")) for model in MODELS}
    for number in range(1, 4):
        create_one_of_each(people.create_person(f"p{number}"))
    assert all(model._default_manager.count() >= 4 for model in MODELS)
    after = {model: count_queries(superuser, build_url(model, "changelist")) for model in MODELS}
    assert after == before


def test_every_row_has_its_page(superuser: Client, alice: User) -> None:
    create_one_of_each(alice)
    for model in MODELS:
        for row in model._default_manager.all():
            assert superuser.get(build_url(model, "change", row.pk)).status_code == 200


def test_ordinary_users_are_redirected_to_the_login(alice: User, photo: Photo) -> None:
    client = sign_in(alice)
    paths = [build_url(model, "changelist") for model in MODELS]
    for path in (*paths, reverse("queue"), reverse("admin:index")):
        response = client.get(path)
        assert response.status_code == 302
        assert "/admin/login/" in response["Location"]


def test_the_edit_list_shows_state_seconds_and_error(
    superuser: Client, alice: User, photo: Photo
) -> None:
    fail_edit(rows.create_box_edit(photo, alice))
    text = superuser.get(build_url(Edit, "changelist")).content.decode()
    assert '<td class="field-state">Failed</td>' in text
    assert '<td class="field-seconds">2.50 (fill 1.25)</td>' in text
    assert "<b>internal_error</b> Filling &lt;failed&gt;." in text


def test_the_edit_list_shows_the_thumbnail_of_the_result(
    superuser: Client, alice: User, photo: Photo
) -> None:
    edit = rows.create_box_edit(photo, alice)
    rows.run_all_edits()
    text = superuser.get(build_url(Edit, "changelist")).content.decode()
    revision = Revision.objects.get(edit=edit)
    assert f'src="{reverse("admin-thumbnail", args=[revision.pk])}"' in text


def test_a_failed_edit_is_retried_and_succeeds(
    superuser: Client, alice: User, photo: Photo
) -> None:
    edit = fail_edit(rows.create_box_edit(photo, alice))
    assert run_action(superuser, "retry", edit) == "success: 1 queued again."
    assert (edit.state, edit.attempt, edit.error_code) == (State.QUEUED, 0, "")
    rows.run_all_edits()
    edit.refresh_from_db()
    assert edit.state == State.SUCCEEDED


def test_a_queued_edit_is_cancelled_and_an_ended_one_is_not(
    superuser: Client, alice: User, photo: Photo
) -> None:
    ended, queued = (
        fail_edit(rows.create_box_edit(photo, alice)),
        rows.create_box_edit(photo, alice, x=40),
    )
    message = run_action(superuser, "cancel", ended, queued)
    assert "success: 1 cancelled." in message
    assert f"warning: {ended}: This edit has ended already." in message
    assert (ended.state, queued.state) == (State.FAILED, State.CANCELLED)
    message = run_action(superuser, "cancel", ended)
    assert "success" not in message


def test_a_queued_edit_cannot_be_retried(superuser: Client, alice: User, photo: Photo) -> None:
    edit = rows.create_box_edit(photo, alice)
    message = run_action(superuser, "retry", edit)
    assert message.startswith(f"warning: {edit}: ")
    assert edit.state == State.QUEUED


def test_a_detection_run_is_retried_once_it_has_ended(superuser: Client, photo: Photo) -> None:
    run = DetectionRun.objects.get(photo=photo)
    assert run_action(superuser, "retry", run) == "success: 1 queued again."
    assert run.state == State.QUEUED
    message = run_action(superuser, "retry", run)
    assert message.startswith(f"warning: {run}: ")
    assert "success" not in message


@pytest.mark.parametrize(
    ("model", "permission"), [(Edit, "change_edit"), (DetectionRun, "change_detectionrun")]
)
def test_the_actions_need_the_change_permission(
    alice: User, photo: Photo, model: type[Edit | DetectionRun], permission: str
) -> None:
    fail_edit(rows.create_box_edit(photo, alice))
    job = model.objects.get()
    state = job.state
    assert state in (State.FAILED, State.SUCCEEDED)
    viewer = create_staff(permission.replace("change", "view"))
    for action in ("retry", "cancel"):
        run_action(viewer, action, job)
        assert job.state == state
    assert 'value="retry"' not in viewer.get(build_url(model, "changelist")).content.decode()
    changer = grant_permissions(User.objects.get(email="staff@people.example"), permission)
    run_action(sign_in(changer), "retry", job)
    assert job.state == State.QUEUED


@pytest.mark.parametrize("model", [Edit, DetectionRun, Detection, Mask])
def test_nobody_adds_or_changes_by_hand(
    superuser: Client, alice: User, photo: Photo, model: type[Model]
) -> None:
    rows.create_detection(photo)
    rows.create_box_edit(photo, alice)
    row = model._default_manager.get()
    assert superuser.get(build_url(model, "add")).status_code == 403
    assert (
        superuser.post(build_url(model, "change", row.pk), {"state": "queued"}).status_code == 403
    )


@pytest.mark.parametrize("model", [Edit, DetectionRun, Detection, Mask])
def test_rows_of_a_photo_cannot_be_deleted_alone(
    superuser: Client, alice: User, photo: Photo, model: type[Model]
) -> None:
    edit = rows.create_box_edit(photo, alice)
    edit.detections.add(rows.create_detection(photo))
    row = model._default_manager.get()
    assert superuser.post(build_url(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert model._default_manager.count() == 1


def find_table(text: str, caption: str) -> str:
    """Return the words of the table with this caption, without tags."""
    table = re.search(rf"<caption>{re.escape(caption)}</caption>(.*?)</table>", text, re.DOTALL)
    assert table
    return " ".join(re.sub(r"<[^>]+>", " ", table[1]).split())


def test_the_queue_page_counts_and_lists(superuser: Client, alice: User, photo: Photo) -> None:
    rows.create_box_edit(photo, alice)
    rows.run_all_edits()
    fail_edit(rows.create_box_edit(photo, alice, x=30))
    long_ago = fail_edit(rows.create_box_edit(photo, alice, x=30))
    Edit.objects.filter(pk=long_ago.pk).update(finished_at=timezone.now() - timedelta(days=2))
    for x in (40, 50):
        queued = rows.create_box_edit(photo, alice, x=x)
        Edit.objects.filter(pk=queued.pk).update(label=f"Removed what is at {x}")
    response = superuser.get(reverse("queue"))
    text = response.content.decode()
    counts = find_table(text, "Queues (ended: last 24 hours)")
    assert "Edits 2 0 1 1 0" in counts
    assert "Detection 0 0 0 0 0" in counts
    assert [edit.label for edit in response.context["waiting"]] == [
        "Removed what is at 40",
        "Removed what is at 50",
    ]
    assert "Removed what is at 50 beach alice@people.example" in find_table(text, "Waiting")
    assert find_table(text, "Failed").count("Filling &lt;failed&gt;.") == 2
    assert find_table(text, "Running").endswith("Nothing.")


@pytest.mark.usefixtures("local_detector")
def test_the_queue_page_names_the_engines(superuser: Client) -> None:
    engines = find_table(superuser.get(reverse("queue")).content.decode(), "Engines")
    assert "Detector: local" in engines
    assert re.search(r"Inpainter: \S*PatchMatch\S*( \(default\))? yes", engines)


def test_the_queue_page_takes_as_many_queries_for_many_edits(
    superuser: Client, alice: User, photo: Photo
) -> None:
    rows.create_box_edit(photo, alice)
    few = count_queries(superuser, reverse("queue"))
    for _ in range(3):
        rows.create_box_edit(photo, alice)
    assert count_queries(superuser, reverse("queue")) == few


def test_the_link_to_the_queue_needs_the_permission(superuser: Client) -> None:
    link = f'href="{reverse("queue")}"'
    assert link in superuser.get(reverse("admin:index")).content.decode()
    other = create_staff("view_photo")
    assert link not in other.get(reverse("admin:index")).content.decode()
    assert other.get(reverse("queue")).status_code == 403


def test_the_admin_names_the_missing_file_and_the_command(
    superuser: Client, photo: Photo, settings: Settings
) -> None:
    settings.DETECTOR, settings.MODEL_MIRROR = "local", None
    DetectionRun.objects.update(state=State.FAILED, error_code="weights_missing")
    page = superuser.get(build_url(DetectionRun, "changelist")).content.decode()
    assert "efficientdet_lite0.tflite is not installed: run `python manage.py weights" in page
