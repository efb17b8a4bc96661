"""Every refusal of the API in one shape: application/problem+json, after RFC 9457."""

import errno
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import singledispatch
from http import HTTPStatus
from typing import Any

from django.core import exceptions as django_errors
from django.http import Http404, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from rest_framework import exceptions as drf_errors
from rest_framework.response import Response
from rest_framework.views import set_rollback

from config.errors import Problem
from gallery.importing import ImportRefused
from gallery.signals import input_refused
from vision.errors import MaskRejected, PictureRejected, VisionError

logger = logging.getLogger(__name__)

PROBLEM_JSON = "application/problem+json"
STATUS_OF_CODE = {"unsupported_type": 415, "too_large": 413}


@dataclass(frozen=True)
class Told:
    """What the caller is told: a stable code, an HTTP status, a sentence, the inputs at fault."""

    code: str
    status: int
    detail: str
    fields: Mapping[str, list[str]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


def problem_response(error: Exception, context: Mapping[str, Any]) -> Response:
    """The answer to whatever a view raised: {type, title, status, detail, errors?}.

    What nobody foresaw is logged and answered by 500, without its text.
    """
    set_rollback()
    said = told(error)
    if isinstance(error, PictureRejected | MaskRejected | ImportRefused):
        input_refused.send(sender=None, code=said.code)
    body: dict[str, object] = {
        "type": said.code,
        "title": HTTPStatus(said.status).phrase,
        "status": said.status,
        "detail": said.detail,
    }
    if said.fields:
        body["errors"] = dict(said.fields)
    if said.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        request = context.get("request")
        where = f"{request.method} {request.path}" if request else "the API"
        logger.error("Unforeseen in %s", where, exc_info=error)
    return Response(body, status=said.status, headers=said.headers, content_type=PROBLEM_JSON)


@singledispatch
def told(error: Exception) -> Told:
    """What to say about an error; by its class."""
    return Told("internal_error", 500, "Something went wrong on our side. Please try again.")


@told.register
def _of_service(error: Problem) -> Told:
    return Told(error.code, error.status, error.message, error.fields)


@told.register
def _of_vision(error: VisionError) -> Told:
    """What the user can mend is the input's fault; the rest is a state of this installation."""
    otherwise = 422 if error.user_can_mend else 409 if error.permanent else 503
    return Told(error.code, STATUS_OF_CODE.get(error.code, otherwise), error.message)


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
def _of_validation(error: drf_errors.ValidationError) -> Told:
    fields = _flat(error.detail)
    return Told("invalid", 400, _sentence(fields), fields)


@told.register
def _of_model_validation(error: django_errors.ValidationError) -> Told:
    fields = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    return Told("invalid", 400, _sentence(fields), fields)


@told.register(Http404)
@told.register(django_errors.ObjectDoesNotExist)
@told.register(django_errors.ObjectNotUpdated)
def _of_absence(error: Exception) -> Told:
    """Also what was deleted while the request was at it."""
    return Told("not_found", 404, "There is nothing here.")


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


def _flat(detail: Any, name: str = "") -> dict[str, list[str]]:
    """Nested errors by path: {"boxes": [{"x": ["…"]}]} becomes {"boxes.0.x": ["…"]}."""
    inner: Iterable[tuple[object, Any]]
    if isinstance(detail, Mapping):
        inner = detail.items()
    elif all(isinstance(item, str) for item in detail):
        return {name.removesuffix("non_field_errors").rstrip("."): [str(item) for item in detail]}
    else:
        inner = enumerate(detail)
    found: dict[str, list[str]] = {}
    for key, value in inner:
        found |= _flat(value, f"{name}.{key}" if name else str(key)) if value else {}
    return found


def _sentence(fields: Mapping[str, list[str]]) -> str:
    return " ".join(
        f"{name}: {message}" if name else message
        for name, messages in fields.items()
        for message in messages
    )
