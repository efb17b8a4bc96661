"""Responses about jobs: their state, and where and when to look again."""

from collections.abc import Mapping
from typing import Any

from rest_framework.response import Response

from jobs.models import UNFINISHED, Job

SECONDS_TO_NEXT_LOOK = "1"


def started(
    body: Any, job: Job, *, location: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Build the response to the request that created a job: 202 until it has ended, then 200."""
    response = looked_at(body, job, headers=headers)
    response.headers["Location"] = location
    if job.state in UNFINISHED:
        response.status_code = 202
    return response


def looked_at(body: Any, job: Job, *, headers: Mapping[str, str] | None = None) -> Response:
    """Build the response with a job as it is now, and when to look again if it has not ended."""
    response = Response(body, headers=dict(headers or {}))
    if job.state in UNFINISHED:
        response.headers["Retry-After"] = SECONDS_TO_NEXT_LOOK
    return response
