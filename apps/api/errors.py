"""Every refusal of the API in one shape: application/problem+json, after RFC 9457."""

import errno
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
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

from api.faults import InvalidBody, faults_in, sentence
from api.faults import told as told_fault
from api.problem_pages import page_about
from api.problems.registry import PROBLEMS
from gallery.importing import ImportRefused
from gallery.signals import input_refused
from vision.errors import MaskRejected, PictureRejected, VisionError
from web.errors import Fault, Problem

logger = logging.getLogger(__name__)

PROBLEM_JSON = "application/problem+json"
PATIENCE_SECONDS = {429: 60, 503: 5}
# In a form; a call takes one picture and one mask at most.
MASK_FIELDS = ("mask", "mask_file", "file")
PICTURE_FIELDS = ("image", "file")
STATUS_OF_CODE = {"unsupported_type": 415, "too_large": 413}


@dataclass(frozen=True)
class Told:
    """What the caller is told: a stable code, an HTTP status, a sentence, the inputs at fault."""

    code: str
    status: int
    detail: str
    faults: Sequence[Fault] = ()
    headers: dict[str, str] = field(default_factory=dict)
    members: Mapping[str, object] = field(default_factory=dict)


def problem_response(error: Exception, context: Mapping[str, Any]) -> Response:
    """The answer to whatever a view raised: {type, code, title, status, detail, errors?}.

    What nobody foresaw is logged and answered by 500, without its text.
    """
    set_rollback()
    said = told(error)
    request = context.get("request")
    if isinstance(error, PictureRejected | MaskRejected | ImportRefused):
        input_refused.send(sender=None, code=said.code)
    if request is not None:
        said = _with_the_request(said, error, request)
    body: dict[str, object] = {
        "type": page_about(said.code),
        "code": said.code,
        "title": PROBLEMS[said.code].title if said.code in PROBLEMS else _phrase(said.status),
        "status": said.status,
        "detail": said.detail,
        **said.members,
    }
    if said.faults:
        body["errors"] = [told_fault(fault) for fault in said.faults]
    if said.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        where = f"{request.method} {request.path}" if request else "the API"
        logger.error("Unforeseen in %s", where, exc_info=error)
    headers = _patience(said.status) | said.headers
    return Response(body, status=said.status, headers=headers, content_type=PROBLEM_JSON)


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase


def _patience(status: int) -> dict[str, str]:
    """When to try again, where nobody knows better."""
    wait = PATIENCE_SECONDS.get(status)
    return {} if wait is None else {"Retry-After": str(wait)}


def _with_the_request(said: Told, error: Exception, request: Request) -> Told:
    """Also what only the request knows: which file was at fault, what the address takes."""
    if isinstance(error, MaskRejected):
        return replace(said, faults=_in_the_file(error, request, MASK_FIELDS))
    if isinstance(error, PictureRejected):
        return replace(said, faults=_in_the_file(error, request, PICTURE_FIELDS))
    if isinstance(error, drf_errors.UnsupportedMediaType):
        taken = [parser.media_type for parser in request.parsers or ()]
        detail = f"{said.detail} This address takes {' or '.join(taken)}."
        fault = Fault(detail, ("Content-Type",), "header", expected=taken)
        return replace(said, detail=detail, faults=[fault])
    return said


def _in_the_file(error: VisionError, request: Request, fields: Sequence[str]) -> list[Fault]:
    """The fault lies in the first of these files that came with the request, if one did."""
    sent = [name for name in fields if name in request.FILES]
    fault = Fault(error.message, tuple(sent[:1]), expected=error.expected, received=error.received)
    return [fault] if fault.path or fault.expected else []


@singledispatch
def told(error: Exception) -> Told:
    """What to say about an error; by its class."""
    return Told("internal_error", 500, "Something went wrong on our side. Please try again.")


@told.register
def _of_service(error: Problem) -> Told:
    return Told(
        error.code, error.status, error.message, error.faults, dict(error.headers), error.members
    )


@told.register
def _of_vision(error: VisionError) -> Told:
    """What the user can mend is the input's fault; the rest is a state of this installation."""
    otherwise = 422 if error.user_can_mend else 409 if error.permanent else 503
    status = STATUS_OF_CODE.get(error.code, otherwise)
    fault = Fault(error.message, expected=error.expected, received=error.received)
    return Told(error.code, status, error.message, [fault] if error.expected else [])


@told.register
def _of_framework(error: drf_errors.APIException) -> Told:
    headers = {}
    if asked := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = asked
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = f"{wait:.0f}"
    codes = error.get_codes()
    code = codes if isinstance(codes, str) else error.default_code
    return Told(code, error.status_code, str(error.detail), headers=headers)


@told.register
def _of_sign_in(error: drf_errors.NotAuthenticated) -> Told:
    """The framework does not say how; a view may."""
    said = _of_framework(error)
    if said.detail != str(error.default_detail):
        return said
    return replace(said, detail="Send a token with the request: “Authorization: Bearer …”.")


@told.register
def _of_validation(error: drf_errors.ValidationError) -> Told:
    faults = error.faults if isinstance(error, InvalidBody) else faults_in(error.detail)
    return Told("invalid", 422, sentence(faults), faults)


@told.register
def _of_model_validation(error: django_errors.ValidationError) -> Told:
    faults = faults_in(error.message_dict if hasattr(error, "error_dict") else error.messages)
    return Told("invalid", 422, sentence(faults), faults)


@told.register(Http404)
@told.register(django_errors.ObjectDoesNotExist)
@told.register(django_errors.ObjectNotUpdated)
def _of_absence(error: Exception) -> Told:
    """Also what was deleted while the request was at it."""
    return Told("not_found", 404, "There is nothing here.")


@told.register
def _of_database(error: OperationalError) -> Told:
    """A deadlock that was broken up, a lost connection, a database that is locked or starts."""
    logger.error("The database failed", exc_info=error)
    return Told("database_busy", 503, "The database can't answer now. Please try again.")


@told.register
def _of_storage(error: OSError) -> Told:
    """The disk is full or read-only, or a stored file is gone."""
    logger.error("The storage failed", exc_info=error)
    detail = "The picture's file cannot be read or stored now. Try later, or tell an administrator."
    is_full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
    return Told("storage_failed", 507 if is_full else 503, detail)


@told.register
def _of_permission(error: django_errors.PermissionDenied) -> Told:
    return Told("not_allowed", 403, str(error) or "You may not do this.")


@told.register(django_errors.SuspiciousOperation)
@told.register(django_errors.BadRequest)
@told.register(MultiPartParserError)
@told.register(UnreadablePostError)
def _of_garbage(error: Exception) -> Told:
    return Told("malformed", 400, "The request cannot be read: check its form and its encoding.")


@told.register
def _of_size(error: django_errors.RequestDataTooBig) -> Told:
    return Told("request_too_large", 413, "The request is larger than this address takes.")
