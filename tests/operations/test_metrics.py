"""Metrics have the right values and kinds, take few queries and need a permission."""

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
from tests.operations.metric_samples import read_families, read_value

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = pytest.mark.django_db
TOKEN = "a token of many random characters"


def build_client(text: str) -> Client:
    """Return a client that sends this bearer token."""
    return Client(headers={"Authorization": f"Bearer {text}"})


def count_everything() -> None:
    """Count once in every counter and histogram."""
    count("job_attempts", kind="edit", state="succeeded")
    count("job_failures", kind="edit", cause="internal_error")
    count("inputs_refused", code="corrupt")
    count_many(build_observation("stage_seconds", 1, kind="edit", stage="fill"))


def test_every_metric_has_its_name_and_kind() -> None:
    count_everything()
    kinds = {name: family.type for name, family in read_families().items()}
    assert kinds == {
        "vanish_info": "gauge",
        "vanish_queue_jobs": "gauge",
        "vanish_queue_oldest_seconds": "gauge",
        "vanish_job_attempts": "counter",
        "vanish_job_failures": "counter",
        "vanish_inputs_refused": "counter",
        "vanish_stage_seconds": "histogram",
    }
    assert all(family.documentation for family in read_families().values())


def test_counters_add_up() -> None:
    count_everything()
    count("inputs_refused", 4, code="corrupt")
    assert read_value("vanish_inputs_refused_total", code="corrupt") == 5
    assert read_value("vanish_job_attempts_total", kind="edit", state="succeeded") == 1
    assert read_value("vanish_job_failures_total", kind="edit", cause="internal_error") == 1


def test_a_counter_that_this_release_does_not_know_is_left_out() -> None:
    count("unknown_series", kind="edit")
    assert "unknown_series" not in render_metrics().decode()


def test_the_info_names_the_services_and_no_secret(settings: "Settings") -> None:
    settings.BUCKET = "a-bucket-of-ours"
    (info,) = read_families()["vanish_info"].samples
    assert info.labels.keys() == {"environment", "database", "storage", "queue", "detector"}
    assert info.labels["storage"] == "bucket"
    assert "a-bucket-of-ours" not in info.labels.values()


def test_an_empty_queue_is_zero() -> None:
    for queue in ("edits", "detection"):
        assert read_value("vanish_queue_oldest_seconds", queue=queue) == 0
        for state in ("queued", "running"):
            assert read_value("vanish_queue_jobs", queue=queue, state=state) == 0


def test_queues_have_the_numbers_of_jobs_and_the_oldest_age(alice: User) -> None:
    photo = rows.upload(alice)
    edits = [rows.create_box_edit(photo, alice, x=x) for x in (10, 20, 30, 40)]
    ago = timezone.now() - timedelta(hours=2)
    Edit.objects.filter(pk=edits[0].pk).update(state=State.SUCCEEDED, queued_at=ago)
    Edit.objects.filter(pk=edits[1].pk).update(state=State.RUNNING, queued_at=ago)
    Edit.objects.filter(pk=edits[2].pk).update(queued_at=ago + timedelta(hours=1))

    assert read_value("vanish_queue_jobs", queue="edits", state="queued") == 2
    assert read_value("vanish_queue_jobs", queue="edits", state="running") == 1
    assert read_value("vanish_queue_jobs", queue="detection", state="queued") == 0
    oldest = read_value("vanish_queue_oldest_seconds", queue="edits")
    assert oldest is not None
    assert 3600 <= oldest < 7200

    DetectionRun.objects.update(state=State.QUEUED, queued_at=ago)
    assert read_value("vanish_queue_jobs", queue="detection", state="queued") == 1
    assert (read_value("vanish_queue_oldest_seconds", queue="detection") or 0) >= 7200


def test_a_job_queued_by_a_clock_that_is_ahead_has_not_waited(alice: User) -> None:
    rows.upload(alice)
    soon = timezone.now() + timedelta(hours=1)
    DetectionRun.objects.update(state=State.QUEUED, queued_at=soon)
    assert read_value("vanish_queue_oldest_seconds", queue="detection") == 0


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


def test_the_token_gives_access(settings: "Settings") -> None:
    settings.METRICS_TOKEN = TOKEN
    response = build_client(TOKEN).get("/metrics")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert response["Cache-Control"] == "no-store"
    assert "vanish_queue_jobs" in read_families(response.content.decode())


@pytest.mark.parametrize("token", ["", "wrong", TOKEN[:-1], f"{TOKEN} ", "ä"])
def test_no_other_token_gives_access(settings: "Settings", token: str) -> None:
    settings.METRICS_TOKEN = TOKEN
    assert build_client(token).get("/metrics").status_code == 404


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer "])
def test_without_a_configured_token_an_empty_one_gives_no_access(
    settings: "Settings", header: str
) -> None:
    settings.METRICS_TOKEN = ""
    client = Client(headers={"Authorization": header})
    assert client.get("/metrics").status_code == 404


def test_staff_who_may_view_edits_may_see_the_metrics() -> None:
    assert admins.create_staff("view_edit").get("/metrics").status_code == 200


def test_superusers_may_see_the_metrics() -> None:
    assert admins.create_superuser().get("/metrics").status_code == 200


def test_other_staff_get_404() -> None:
    assert admins.create_staff("view_photo").get("/metrics").status_code == 404


def test_the_permission_without_staff_is_not_enough(alice: User) -> None:
    client = admins.sign_in(admins.grant_permissions(alice, "view_edit"))
    assert client.get("/metrics").status_code == 404


def test_everybody_else_gets_the_same_404(alice: User, charlie: User) -> None:
    for client in (admins.sign_in(alice), admins.sign_in(charlie), Client()):
        response = client.get("/metrics")
        assert response.status_code == 404
        assert b"vanish_" not in response.content
