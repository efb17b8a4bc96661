"""Responses about jobs: their state, and where and when to request it again."""

from collections.abc import Mapping
from typing import Any

from rest_framework.response import Response

from jobs.models import UNFINISHED, Job

RETRY_SECONDS = "1"


def build_created_response(
    body: Any, job: Job, *, location: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Build the response to the request that created a job: 202 until it has ended, then 200."""
    response = build_job_response(body, job, headers=headers)
    response.headers["Location"] = location
    if job.state in UNFINISHED:
        response.status_code = 202
    return response


def build_job_response(
    body: Any, job: Job, *, headers: Mapping[str, str] | None = None
) -> Response:
    """Build the response with a job as it is now, and when to retry if it has not ended."""
    response = Response(body, headers=dict(headers or {}))
    if job.state in UNFINISHED:
        response.headers["Retry-After"] = RETRY_SECONDS
    return response
