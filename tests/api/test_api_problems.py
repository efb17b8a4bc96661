"""Problems: every error becomes a response of the same shape."""

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
from tests.api.caller import PROBLEM, Caller, check_problem
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
    problem = build_problem(error)
    assert (problem.status, problem.code) == (status, code)
    assert problem.message
    assert "secret" not in problem.message


def test_the_body_of_a_problem_follows_rfc_9457() -> None:
    error = Problem("Too wide.", code="mask_in_use", fields={"width": ["At most 5."]})
    response = build_problem_response(error, {})
    assert response.content_type == PROBLEM
    assert response.data == {
        "type": "/docs/problems/mask_in_use/",
        "code": "mask_in_use",
        "title": "The mask belongs to an edit",
        "status": 409,
        "detail": "Too wide.",
        "errors": [{"pointer": "#/width", "detail": "At most 5."}],
    }


def test_nested_errors_are_reported_with_their_path() -> None:
    error = drf_errors.ValidationError(
        {"boxes": [{}, {"x": ["Too large."]}], "non_field_errors": ["Send one of a, b."]}
    )
    problem = build_problem(error)
    assert problem.faults == [
        Fault("Too large.", ("boxes", 1, "x")),
        Fault("Send one of a, b."),
    ]
    assert problem.message == "boxes.1.x: Too large. Send one of a, b."


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (Problem("x", code="busy"), "5"),
        (Problem("x", code="too_many_uploads"), "60"),
        (Problem("x", code="busy", headers={"Retry-After": "9"}), "9"),
        (DetectorFailed("x", code="detector_throttled", permanent=False, user_can_fix=False), "5"),
    ],
)
def test_a_temporary_problem_has_a_retry_after_header(error: Exception, seconds: str) -> None:
    assert build_problem_response(error, {})["Retry-After"] == seconds


@pytest.mark.django_db
def test_a_401_response_explains_how_to_sign_in() -> None:
    response = Caller().get("me/")
    body = check_problem(response, 401, "not_authenticated")
    assert "Authorization: Bearer" in body["detail"]
    assert response["WWW-Authenticate"] == 'Bearer realm="Vanish"'


def test_retry_after_of_a_throttled_call_is_rounded_up() -> None:
    response = build_problem_response(drf_errors.Throttled(wait=12.3), {})
    assert (response.status_code, response["Retry-After"]) == (429, "13")


@pytest.mark.django_db
def test_an_unexpected_error_is_logged_and_not_disclosed(
    owner: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(**_: Any) -> None:
        raise RuntimeError("the secret of the database")

    monkeypatch.setattr("api.views.albums.album_create", fail)
    with caplog.at_level(logging.ERROR):
        response = owner.post("albums/", {"name": "x"})
    body = check_problem(response, 500, "internal_error")
    assert "secret" not in body["detail"]
    assert "POST /api/v1/albums/" in caplog.text
    assert "the secret of the database" in caplog.text


@pytest.mark.django_db
def test_a_session_without_csrf_token_is_refused(alice: User) -> None:
    caller = Caller(Client(enforce_csrf_checks=True))
    caller.client.force_login(alice)
    assert caller.get("albums/").status_code == 200
    check_problem(caller.post("albums/", {"name": "x"}), 403, "permission_denied")
    check_problem(caller.post_form("photos/", file=b"x"), 403, "permission_denied")
    check_problem(
        caller.delete("albums/00000000-0000-4000-8000-000000000000/"), 403, "permission_denied"
    )


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["nowhere/", "photos/not-an-id/", "", "a%0Ab/", "photos/%00/"])
def test_an_unknown_path_gets_404(owner: Caller, path: str) -> None:
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        check_problem(owner.send(method, path), 404, "not_found")
    check_problem(Caller().get(path), 401, "not_authenticated")


@pytest.mark.django_db
def test_a_missing_trailing_slash_is_accepted(owner: Caller) -> None:
    response = owner.post("albums", {"name": "Sea"})
    assert response.status_code == 201
    assert owner.get("albums").json() == owner.get("albums/").json()
    assert owner.get("albums?fields=name").json()["results"] == [{"name": "Sea"}]
    check_problem(owner.get("nowhere"), 404, "not_found")
    check_problem(Caller().get("albums"), 401, "not_authenticated")


@pytest.mark.django_db
def test_any_accept_header_gets_json(owner: Caller) -> None:
    response = owner.client.get("/api/v1/me/?format=xml", headers={"Accept": "image/png"})
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")


@pytest.mark.django_db
def test_an_unsupported_method_gets_405(owner: Caller) -> None:
    response = owner.send("PUT", "me/", {})
    check_problem(response, 405, "method_not_allowed")
    assert response["Allow"] == "GET, HEAD, OPTIONS"
