"""Refusals: one shape for all, whatever raised them."""

import errno
import logging
from typing import Any

import pytest
from django.core import exceptions as django_errors
from django.db import OperationalError
from django.http import Http404
from django.test import Client
from rest_framework import exceptions as drf_errors

from accounts.models import User
from api.problems.responses import build_problem, build_problem_response
from gallery.importing import ImportRefused
from tests.api.caller import PROBLEM, Caller, problem
from vision.errors import DetectorFailed, MaskRejected, PictureRejected, VisionError, WeightsMissing
from web.errors import Fault, NotAllowed, NotThere, Problem


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Problem("x", code="two_bases"), 422, "two_bases"),
        (NotThere("photo"), 404, "not_found"),
        (NotAllowed("x"), 403, "not_allowed"),
        (ImportRefused("x", code="url_too_slow"), 422, "url_too_slow"),
        (PictureRejected("x", code="unsupported_type"), 415, "unsupported_type"),
        (PictureRejected("x", code="too_large"), 413, "too_large"),
        (PictureRejected("x", code="corrupt"), 422, "corrupt"),
        (MaskRejected("x", code="mask_empty"), 422, "mask_empty"),
        (WeightsMissing("x"), 409, "weights_missing"),
        (DetectorFailed("x", code="detector_rejected_input"), 422, "detector_rejected_input"),
        (
            DetectorFailed("x", code="detector_denied", user_can_fix=False),
            409,
            "detector_denied",
        ),
        (
            DetectorFailed("x", code="detector_unreachable", permanent=False, user_can_fix=False),
            503,
            "detector_unreachable",
        ),
        (VisionError("x", code="unknown_inpainter"), 422, "unknown_inpainter"),
        (drf_errors.ParseError(), 400, "parse_error"),
        (drf_errors.NotAuthenticated(), 401, "not_authenticated"),
        (drf_errors.PermissionDenied("x", code="scope_missing"), 403, "scope_missing"),
        (drf_errors.MethodNotAllowed("PUT"), 405, "method_not_allowed"),
        (drf_errors.UnsupportedMediaType("text/plain"), 415, "unsupported_media_type"),
        (Http404(), 404, "not_found"),
        (django_errors.PermissionDenied(), 403, "not_allowed"),
        (django_errors.RequestDataTooBig(), 413, "request_too_large"),
        (django_errors.TooManyFieldsSent(), 400, "malformed"),
        (django_errors.BadRequest(), 400, "malformed"),
        (django_errors.ValidationError({"name": ["Missing."]}), 422, "invalid"),
        (django_errors.ValidationError("Missing."), 422, "invalid"),
        (OperationalError("deadlock, secret"), 503, "database_busy"),
        (OSError(errno.ENOSPC, "secret"), 507, "storage_failed"),
        (OSError(errno.EIO, "secret"), 503, "storage_failed"),
        (RuntimeError("secret"), 500, "internal_error"),
    ],
    ids=lambda value: getattr(value, "code", None) or type(value).__name__,
)
def test_every_error_has_its_status(error: Exception, status: int, code: str) -> None:
    found = build_problem(error)
    assert (found.status, found.code) == (status, code)
    assert found.message
    assert "secret" not in found.message


def test_the_body_follows_the_rfc() -> None:
    error = Problem("Too wide.", code="mask_in_use", fields={"width": ["At most 5."]})
    answer = build_problem_response(error, {})
    assert answer.content_type == PROBLEM
    assert answer.data == {
        "type": "/docs/problems/mask_in_use/",
        "code": "mask_in_use",
        "title": "The mask belongs to an edit",
        "status": 409,
        "detail": "Too wide.",
        "errors": [{"pointer": "#/width", "detail": "At most 5."}],
    }


def test_nested_errors_are_told_by_their_path() -> None:
    error = drf_errors.ValidationError(
        {"boxes": [{}, {"x": ["Too large."]}], "non_field_errors": ["Send one of a, b."]}
    )
    found = build_problem(error)
    assert found.faults == [
        Fault("Too large.", ("boxes", 1, "x")),
        Fault("Send one of a, b."),
    ]
    assert found.message == "boxes.1.x: Too large. Send one of a, b."


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (Problem("x", code="busy"), "5"),
        (Problem("x", code="too_many_uploads"), "60"),
        (Problem("x", code="busy", headers={"Retry-After": "9"}), "9"),
        (DetectorFailed("x", code="detector_throttled", permanent=False, user_can_fix=False), "5"),
    ],
)
def test_who_is_to_wait_is_told_how_long(error: Exception, seconds: str) -> None:
    assert build_problem_response(error, {})["Retry-After"] == seconds


@pytest.mark.django_db
def test_who_is_not_signed_in_is_told_how_to() -> None:
    answer = Caller().get("me/")
    body = problem(answer, 401, "not_authenticated")
    assert "Authorization: Bearer" in body["detail"]
    assert answer["WWW-Authenticate"] == 'Bearer realm="Vanish"'


def test_waiting_is_told_in_a_header() -> None:
    answer = build_problem_response(drf_errors.Throttled(wait=12.3), {})
    assert (answer.status_code, answer["Retry-After"]) == (429, "13")


@pytest.mark.django_db
def test_what_nobody_foresaw_is_logged_and_not_told(
    owner: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(**_: Any) -> None:
        raise RuntimeError("the secret of the database")

    monkeypatch.setattr("api.views.albums.album_create", fail)
    with caplog.at_level(logging.ERROR):
        answer = owner.post("albums/", {"name": "x"})
    body = problem(answer, 500, "internal_error")
    assert "secret" not in body["detail"]
    assert "POST /api/v1/albums/" in caplog.text
    assert "the secret of the database" in caplog.text


@pytest.mark.django_db
def test_a_session_without_csrf_token_is_refused(alice: User) -> None:
    caller = Caller(Client(enforce_csrf_checks=True))
    caller.client.force_login(alice)
    assert caller.get("albums/").status_code == 200
    problem(caller.post("albums/", {"name": "x"}), 403, "permission_denied")
    problem(caller.form("photos/", file=b"x"), 403, "permission_denied")
    problem(caller.delete("albums/00000000-0000-4000-8000-000000000000/"), 403, "permission_denied")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["nowhere/", "photos/not-an-id/", "", "a%0Ab/", "photos/%00/"])
def test_addresses_that_are_not_there(owner: Caller, path: str) -> None:
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        problem(owner.send(method, path), 404, "not_found")
    problem(Caller().get(path), 401, "not_authenticated")


@pytest.mark.django_db
def test_a_forgotten_slash_is_forgiven(owner: Caller) -> None:
    made = owner.post("albums", {"name": "Sea"})
    assert made.status_code == 201
    assert owner.get("albums").json() == owner.get("albums/").json()
    assert owner.get("albums?fields=name").json()["results"] == [{"name": "Sea"}]
    problem(owner.get("nowhere"), 404, "not_found")
    problem(Caller().get("albums"), 401, "not_authenticated")


@pytest.mark.django_db
def test_any_accept_header_gets_json(owner: Caller) -> None:
    answer = owner.client.get("/api/v1/me/?format=xml", headers={"Accept": "image/png"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")


@pytest.mark.django_db
def test_methods_that_an_address_does_not_know(owner: Caller) -> None:
    answer = owner.send("PUT", "me/", {})
    problem(answer, 405, "method_not_allowed")
    assert answer["Allow"] == "GET, HEAD, OPTIONS"
