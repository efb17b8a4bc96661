"""The numbers are right, of the right kind, cheap to read, and not for everybody."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from inpainting.models import DetectionRun, Edit
from jobs.models import State
from operations.counters import build_observation, count, count_many
from operations.metrics import render_metrics
from tests import admins, rows
from tests.operations import scrape

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = pytest.mark.django_db
TOKEN = "a token of many random characters"


def bearer(text: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {text}"})


def count_everything() -> None:
    count("job_attempts", kind="edit", state="succeeded")
    count("job_failures", kind="edit", cause="internal_error")
    count("inputs_refused", code="corrupt")
    count_many(build_observation("stage_seconds", 1, kind="edit", stage="fill"))


def test_every_metric_has_its_name_and_kind() -> None:
    count_everything()
    kinds = {name: family.type for name, family in scrape.families().items()}
    assert kinds == {
        "vanish_info": "gauge",
        "vanish_queue_jobs": "gauge",
        "vanish_queue_oldest_seconds": "gauge",
        "vanish_job_attempts": "counter",
        "vanish_job_failures": "counter",
        "vanish_inputs_refused": "counter",
        "vanish_stage_seconds": "histogram",
    }
    assert all(family.documentation for family in scrape.families().values())


def test_counters_keep_what_they_have_counted() -> None:
    count_everything()
    count("inputs_refused", 4, code="corrupt")
    assert scrape.value("vanish_inputs_refused_total", code="corrupt") == 5
    assert scrape.value("vanish_job_attempts_total", kind="edit", state="succeeded") == 1
    assert scrape.value("vanish_job_failures_total", kind="edit", cause="internal_error") == 1


def test_a_series_that_this_release_does_not_know_is_left_out() -> None:
    count("forgotten", kind="edit")
    assert "forgotten" not in render_metrics().decode()


def test_the_info_says_what_it_runs_on_and_nothing_secret(settings: "Settings") -> None:
    settings.BUCKET = "a-bucket-of-ours"
    (info,) = scrape.families()["vanish_info"].samples
    assert info.labels.keys() == {"environment", "database", "storage", "queue", "detector"}
    assert info.labels["storage"] == "bucket"
    assert "a-bucket-of-ours" not in info.labels.values()


def test_an_empty_queue_is_told_as_zero() -> None:
    for queue in ("edits", "detection"):
        assert scrape.value("vanish_queue_oldest_seconds", queue=queue) == 0
        for state in ("queued", "running"):
            assert scrape.value("vanish_queue_jobs", queue=queue, state=state) == 0


def test_queues_show_what_waits_and_runs_and_since_when(alice: User) -> None:
    photo = rows.upload(alice)
    edits = [rows.create_box_edit(photo, alice, x=x) for x in (10, 20, 30, 40)]
    ago = timezone.now() - timedelta(hours=2)
    Edit.objects.filter(pk=edits[0].pk).update(state=State.SUCCEEDED, queued_at=ago)
    Edit.objects.filter(pk=edits[1].pk).update(state=State.RUNNING, queued_at=ago)
    Edit.objects.filter(pk=edits[2].pk).update(queued_at=ago + timedelta(hours=1))

    assert scrape.value("vanish_queue_jobs", queue="edits", state="queued") == 2
    assert scrape.value("vanish_queue_jobs", queue="edits", state="running") == 1
    assert scrape.value("vanish_queue_jobs", queue="detection", state="queued") == 0
    oldest = scrape.value("vanish_queue_oldest_seconds", queue="edits")
    assert oldest is not None
    assert 3600 <= oldest < 7200

    DetectionRun.objects.update(state=State.QUEUED, queued_at=ago)
    assert scrape.value("vanish_queue_jobs", queue="detection", state="queued") == 1
    assert (scrape.value("vanish_queue_oldest_seconds", queue="detection") or 0) >= 7200


def test_a_job_queued_by_a_clock_that_is_ahead_has_not_waited(alice: User) -> None:
    rows.upload(alice)
    soon = timezone.now() + timedelta(hours=1)
    DetectionRun.objects.update(state=State.QUEUED, queued_at=soon)
    assert scrape.value("vanish_queue_oldest_seconds", queue="detection") == 0


def test_more_rows_cost_no_more_queries(
    alice: User,
    django_assert_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    with django_assert_num_queries(3):
        render_metrics()
    photo = rows.upload(alice)
    for x in (10, 20, 30):
        rows.create_box_edit(photo, alice, x=x)
    count_everything()
    with django_assert_num_queries(3):
        render_metrics()


def test_the_token_opens_them(settings: "Settings") -> None:
    settings.METRICS_TOKEN = TOKEN
    answer = bearer(TOKEN).get("/metrics")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert answer["Cache-Control"] == "no-store"
    assert "vanish_queue_jobs" in scrape.families(answer.content.decode())


@pytest.mark.parametrize("given", ["", "wrong", TOKEN[:-1], f"{TOKEN} ", "ä"])
def test_no_other_token_does(settings: "Settings", given: str) -> None:
    settings.METRICS_TOKEN = TOKEN
    assert bearer(given).get("/metrics").status_code == 404


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer "])
def test_without_a_token_no_empty_one_does(settings: "Settings", header: str) -> None:
    settings.METRICS_TOKEN = ""
    client = Client(headers={"Authorization": header})
    assert client.get("/metrics").status_code == 404


def test_staff_who_may_see_the_queue_may_see_them() -> None:
    assert admins.create_staff("view_edit").get("/metrics").status_code == 200


def test_superusers_may_see_them() -> None:
    assert admins.create_superuser().get("/metrics").status_code == 200


def test_other_staff_may_not() -> None:
    assert admins.create_staff("view_photo").get("/metrics").status_code == 404


def test_the_right_alone_is_not_enough(alice: User) -> None:
    client = admins.sign_in(admins.grant_permissions(alice, "view_edit"))
    assert client.get("/metrics").status_code == 404


def test_nobody_else_learns_that_they_are_here(alice: User, charlie: User) -> None:
    for client in (admins.sign_in(alice), admins.sign_in(charlie), Client()):
        answer = client.get("/metrics")
        assert answer.status_code == 404
        assert b"vanish_" not in answer.content
