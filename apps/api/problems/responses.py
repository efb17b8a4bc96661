"""All error responses of the API in one format: application/problem+json, after RFC 9457."""

import errno
import logging
from collections.abc import Mapping, Sequence
from functools import singledispatch
from http import HTTPStatus
from typing import Any

from django.core import exceptions as django_errors
from django.db import OperationalError
from django.http import Http404, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from rest_framework import exceptions as drf_errors
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import set_rollback

from api.problems.faults import InvalidBody, collect_faults, join_faults, render_fault
from api.problems.pages import get_page_path
from gallery.importing import ImportRefused
from gallery.signals import input_refused
from vision.errors import MaskRejected, PictureRejected, VisionError
from web.errors import Fault, Problem
from web.problems import PROBLEMS

logger = logging.getLogger(__name__)

PROBLEM_JSON = "application/problem+json"
DEFAULT_RETRY_SECONDS = {429: 60, 503: 5}
# The form fields that may hold the mask or the picture; a request has at most one of each.
MASK_FIELDS = ("mask", "mask_file", "file")
PICTURE_FIELDS = ("image", "file")


def build_problem_response(error: Exception, context: Mapping[str, Any]) -> Response:
    """Build the response to an error of a view: {type, code, title, status, detail, errors?}.

    An unexpected error is logged and answered with 500, without its text.
    """
    set_rollback()
    problem = build_problem(error)
    request = context.get("request")
    if isinstance(error, PictureRejected | MaskRejected | ImportRefused):
        input_refused.send(sender=None, code=problem.code)
    if request is not None:
        problem = _add_request_facts(problem, error, request)
    body: dict[str, object] = {
        "type": get_page_path(problem.code),
        "code": problem.code,
        "title": PROBLEMS[problem.code].title,
        "status": problem.status,
        "detail": problem.message,
        **problem.members,
    }
    if problem.faults:
        body["errors"] = [render_fault(fault) for fault in problem.faults]
    if problem.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        where = f"{request.method} {request.path}" if request else "the API"
        logger.error("Unexpected error in %s", where, exc_info=error)
    headers = _get_default_headers(problem.status) | dict(problem.headers)
    return Response(body, status=problem.status, headers=headers, content_type=PROBLEM_JSON)


def _get_default_headers(status: int) -> dict[str, str]:
    """Return the default Retry-After of a problem, in seconds."""
    seconds = DEFAULT_RETRY_SECONDS.get(status)
    return {} if seconds is None else {"Retry-After": str(seconds)}


def _add_request_facts(problem: Problem, error: Exception, request: Request) -> Problem:
    """Add what only the request knows: which file is at fault, which types the address accepts."""
    if isinstance(error, MaskRejected):
        problem.faults = _locate_in_files(error, request, MASK_FIELDS)
    elif isinstance(error, PictureRejected):
        problem.faults = _locate_in_files(error, request, PICTURE_FIELDS)
    elif isinstance(error, drf_errors.UnsupportedMediaType):
        types = [parser.media_type for parser in request.parsers or ()]
        detail = f"{problem.message} This address takes {' or '.join(types)}."
        fault = Fault(detail, ("Content-Type",), "header", expected=types)
        return Problem(detail, code=problem.code, faults=[fault], headers=problem.headers)
    return problem


def _locate_in_files(error: VisionError, request: Request, fields: Sequence[str]) -> list[Fault]:
    """Return the fault at the first of `fields` that was sent as a file; it may have no place."""
    sent = [name for name in fields if name in request.FILES]
    fault = Fault(error.message, tuple(sent[:1]), expected=error.expected, received=error.received)
    return [fault] if fault.path or fault.expected else []


@singledispatch
def build_problem(error: Exception) -> Problem:
    """Build the problem that the caller gets for an error, by the error's class."""
    message = "Something went wrong on our side. Please try again."
    return Problem(message, code="internal_error")


@build_problem.register
def _keep_problem(error: Problem) -> Problem:
    return error


@build_problem.register
def _from_vision(error: VisionError) -> Problem:
    fault = Fault(error.message, expected=error.expected, received=error.received)
    return Problem(error.message, code=error.code, faults=[fault] if error.expected else [])


@build_problem.register
def _from_framework(error: drf_errors.APIException) -> Problem:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = f"{wait:.0f}"
    codes = error.get_codes()
    code = codes if isinstance(codes, str) else error.default_code
    return Problem(str(error.detail), code=code, headers=headers)


@build_problem.register
def _from_missing_sign_in(error: drf_errors.NotAuthenticated) -> Problem:
    """Say how to sign in, which the framework's own text does not; a view may have its own text."""
    problem = _from_framework(error)
    if problem.message == str(error.default_detail):
        problem.message = "Send a token with the request: “Authorization: Bearer …”."
    return problem


@build_problem.register
def _from_validation(error: drf_errors.ValidationError) -> Problem:
    faults = error.faults if isinstance(error, InvalidBody) else collect_faults(error.detail)
    return _build_invalid(faults)


@build_problem.register
def _from_model_validation(error: django_errors.ValidationError) -> Problem:
    messages = error.message_dict if hasattr(error, "error_dict") else error.messages
    return _build_invalid(collect_faults(messages))


def _build_invalid(faults: Sequence[Fault]) -> Problem:
    return Problem(join_faults(faults), code="invalid", faults=faults)


@build_problem.register(Http404)
@build_problem.register(django_errors.ObjectDoesNotExist)
@build_problem.register(django_errors.ObjectNotUpdated)
def _from_absence(error: Exception) -> Problem:
    """Return the problem also for a row that was deleted while the request was running."""
    return Problem("There is nothing here.", code="not_found")


@build_problem.register
def _from_database(error: OperationalError) -> Problem:
    """Log a deadlock, a lost connection, or a database that is locked or is starting."""
    logger.error("The database failed", exc_info=error)
    message = "The database can't answer now. Please try again."
    return Problem(message, code="database_busy")


@build_problem.register
def _from_storage(error: OSError) -> Problem:
    """Log that the disk is full or read-only, or that a stored file is missing."""
    logger.error("The storage failed", exc_info=error)
    message = (
        "The picture's file cannot be read or stored now. Try later, or tell an administrator."
    )
    is_full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
    return Problem(message, code="storage_failed", case="disk_full" if is_full else "")


@build_problem.register
def _from_permission(error: django_errors.PermissionDenied) -> Problem:
    return Problem(str(error) or "You may not do this.", code="not_allowed")


@build_problem.register(django_errors.SuspiciousOperation)
@build_problem.register(django_errors.BadRequest)
@build_problem.register(MultiPartParserError)
@build_problem.register(UnreadablePostError)
def _from_malformed_request(error: Exception) -> Problem:
    message = "The request cannot be read: check its form and its encoding."
    return Problem(message, code="malformed")


@build_problem.register
def _from_large_request(error: django_errors.RequestDataTooBig) -> Problem:
    return Problem("The request is larger than this address takes.", code="request_too_large")
