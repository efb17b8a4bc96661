"""The queue in the admin: what it shows, who may steer it; and that all lists scale."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

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
def boss() -> Client:
    return create_superuser()


@pytest.fixture
def photo(alice: User) -> Photo:
    return rows.upload(alice)


def page(model: type[Model], verb: str, *keys: object) -> str:
    meta = model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{verb}", args=keys)


def act(client: Client, action: str, *jobs: Edit | DetectionRun) -> str:
    """What the admin says after `action` on `jobs`, which are read afresh."""
    form = {"action": action, "_selected_action": [job.pk for job in jobs]}
    answer = client.post(page(type(jobs[0]), "changelist"), form, follow=True)
    assert answer.status_code == 200
    for job in jobs:
        job.refresh_from_db()
    return " ".join(f"{said.level_tag}: {said.message}" for said in answer.context["messages"])


def failed(edit: Edit) -> Edit:
    """`edit`, ended after two and a half seconds."""
    ended = timezone.now()
    edit.state, edit.attempt = State.FAILED, 3
    edit.started_at, edit.finished_at = ended - timedelta(seconds=2.5), ended
    edit.timings = {"fill": 1.25}
    edit.error_code, edit.error_message = "internal_error", "Filling <failed>."
    edit.save()
    return edit


def everything(user: User) -> None:
    """One more row of every model in the admin."""
    photo = rows.upload(user, album=album_create(user=user, name="x"))
    rows.create_detection(photo)
    rows.create_box_edit(photo, user)
    rows.run_all_edits()
    token_create(user=user, name="x", scopes=["read"], expires_in=None)


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_lists_ask_as_often_for_four_rows_as_for_one(boss: Client) -> None:
    everything(people.create_person("p0"))
    before = {model: queries(boss, page(model, "changelist")) for model in MODELS}
    for number in range(1, 4):
        everything(people.create_person(f"p{number}"))
    assert all(model._default_manager.count() >= 4 for model in MODELS)
    after = {model: queries(boss, page(model, "changelist")) for model in MODELS}
    assert after == before


def test_every_row_has_its_page(boss: Client, alice: User) -> None:
    everything(alice)
    for model in MODELS:
        for row in model._default_manager.all():
            assert boss.get(page(model, "change", row.pk)).status_code == 200


def test_ordinary_users_see_none_of_it(alice: User, photo: Photo) -> None:
    client = sign_in(alice)
    addresses = [page(model, "changelist") for model in MODELS]
    for address in (*addresses, reverse("queue"), reverse("admin:index")):
        answer = client.get(address)
        assert answer.status_code == 302
        assert "/admin/login/" in answer["Location"]


def test_the_edit_list_shows_state_seconds_and_error(
    boss: Client, alice: User, photo: Photo
) -> None:
    failed(rows.create_box_edit(photo, alice))
    text = boss.get(page(Edit, "changelist")).content.decode()
    assert '<td class="field-state">Failed</td>' in text
    assert '<td class="field-seconds">2.50 (fill 1.25)</td>' in text
    assert "<b>internal_error</b> Filling &lt;failed&gt;." in text


def test_the_edit_list_shows_what_came_out(boss: Client, alice: User, photo: Photo) -> None:
    edit = rows.create_box_edit(photo, alice)
    rows.run_all_edits()
    text = boss.get(page(Edit, "changelist")).content.decode()
    revision = Revision.objects.get(edit=edit)
    assert f'src="{reverse("admin-thumbnail", args=[revision.pk])}"' in text


def test_a_failed_edit_is_tried_again_and_then_succeeds(
    boss: Client, alice: User, photo: Photo
) -> None:
    edit = failed(rows.create_box_edit(photo, alice))
    assert act(boss, "retry", edit) == "success: 1 queued again."
    assert (edit.state, edit.attempt, edit.error_code) == (State.QUEUED, 0, "")
    rows.run_all_edits()
    edit.refresh_from_db()
    assert edit.state == State.SUCCEEDED


def test_a_queued_edit_is_cancelled_and_an_ended_one_is_not(
    boss: Client, alice: User, photo: Photo
) -> None:
    ended, queued = (
        failed(rows.create_box_edit(photo, alice)),
        rows.create_box_edit(photo, alice, x=40),
    )
    said = act(boss, "cancel", ended, queued)
    assert "success: 1 cancelled." in said
    assert f"warning: {ended}: This edit has ended already." in said
    assert (ended.state, queued.state) == (State.FAILED, State.CANCELLED)
    said = act(boss, "cancel", ended)
    assert "success" not in said


def test_a_queued_edit_cannot_be_tried_again(boss: Client, alice: User, photo: Photo) -> None:
    edit = rows.create_box_edit(photo, alice)
    said = act(boss, "retry", edit)
    assert said.startswith(f"warning: {edit}: ")
    assert edit.state == State.QUEUED


def test_a_look_for_objects_is_repeated_once_it_has_ended(boss: Client, photo: Photo) -> None:
    run = DetectionRun.objects.get(photo=photo)
    assert act(boss, "retry", run) == "success: 1 queued again."
    assert run.state == State.QUEUED
    said = act(boss, "retry", run)
    assert said.startswith(f"warning: {run}: ")
    assert "success" not in said


@pytest.mark.parametrize(
    ("model", "right"), [(Edit, "change_edit"), (DetectionRun, "change_detectionrun")]
)
def test_to_steer_the_queue_needs_more_than_to_see_it(
    alice: User, photo: Photo, model: type[Edit | DetectionRun], right: str
) -> None:
    failed(rows.create_box_edit(photo, alice))
    job = model.objects.get()
    state = job.state
    assert state in (State.FAILED, State.SUCCEEDED)
    onlooker = create_staff(right.replace("change", "view"))
    for action in ("retry", "cancel"):
        act(onlooker, action, job)
        assert job.state == state
    assert 'value="retry"' not in onlooker.get(page(model, "changelist")).content.decode()
    steersman = grant_permissions(User.objects.get(email="staff@people.example"), right)
    act(sign_in(steersman), "retry", job)
    assert job.state == State.QUEUED


@pytest.mark.parametrize("model", [Edit, DetectionRun, Detection, Mask])
def test_nobody_adds_or_changes_by_hand(
    boss: Client, alice: User, photo: Photo, model: type[Model]
) -> None:
    rows.create_detection(photo)
    rows.create_box_edit(photo, alice)
    row = model._default_manager.get()
    assert boss.get(page(model, "add")).status_code == 403
    assert boss.post(page(model, "change", row.pk), {"state": "queued"}).status_code == 403


@pytest.mark.parametrize("model", [Edit, DetectionRun, Detection, Mask])
def test_nothing_of_a_photo_is_deleted_without_it(
    boss: Client, alice: User, photo: Photo, model: type[Model]
) -> None:
    edit = rows.create_box_edit(photo, alice)
    edit.detections.add(rows.create_detection(photo))
    row = model._default_manager.get()
    assert boss.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert model._default_manager.count() == 1


def table(text: str, caption: str) -> str:
    """The words of the table with this caption, tags taken out."""
    found = re.search(rf"<caption>{re.escape(caption)}</caption>(.*?)</table>", text, re.DOTALL)
    assert found
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


def test_the_queue_page_counts_and_lists(boss: Client, alice: User, photo: Photo) -> None:
    rows.create_box_edit(photo, alice)
    rows.run_all_edits()
    failed(rows.create_box_edit(photo, alice, x=30))
    long_ago = failed(rows.create_box_edit(photo, alice, x=30))
    Edit.objects.filter(pk=long_ago.pk).update(finished_at=timezone.now() - timedelta(days=2))
    for x in (40, 50):
        waiting = rows.create_box_edit(photo, alice, x=x)
        Edit.objects.filter(pk=waiting.pk).update(label=f"Removed what is at {x}")
    answer = boss.get(reverse("queue"))
    text = answer.content.decode()
    counts = table(text, "Queues (ended: last 24 hours)")
    assert "Edits 2 0 1 1 0" in counts
    assert "Detection 0 0 0 0 0" in counts
    assert [edit.label for edit in answer.context["waiting"]] == [
        "Removed what is at 40",
        "Removed what is at 50",
    ]
    assert "Removed what is at 50 beach alice@people.example" in table(text, "Waiting")
    assert table(text, "Failed").count("Filling &lt;failed&gt;.") == 2
    assert table(text, "Running").endswith("Nothing.")


@pytest.mark.usefixtures("local_detector")
def test_the_queue_page_names_the_engines(boss: Client) -> None:
    engines = table(boss.get(reverse("queue")).content.decode(), "Engines")
    assert "Detector: local" in engines
    assert re.search(r"Inpainter: \S*PatchMatch\S*( \(default\))? yes", engines)


def test_the_queue_page_asks_as_often_for_many_edits(
    boss: Client, alice: User, photo: Photo
) -> None:
    rows.create_box_edit(photo, alice)
    few = queries(boss, reverse("queue"))
    for _ in range(3):
        rows.create_box_edit(photo, alice)
    assert queries(boss, reverse("queue")) == few


def test_the_way_to_the_queue_is_shown_to_whom_it_is_open(boss: Client) -> None:
    link = f'href="{reverse("queue")}"'
    assert link in boss.get(reverse("admin:index")).content.decode()
    other = create_staff("view_photo")
    assert link not in other.get(reverse("admin:index")).content.decode()
    assert other.get(reverse("queue")).status_code == 403
