"""Jobs as answers: what was asked for and is under way, and where to look for it."""

from collections.abc import Mapping
from typing import Any

from rest_framework.response import Response

from jobs.models import UNFINISHED, Job

SECONDS_TO_NEXT_LOOK = "1"


def started(
    told: Any, job: Job, *, location: str, headers: Mapping[str, str] | None = None
) -> Response:
    """What a job was asked for by: 202 while it is under way, 200 once it has ended."""
    answer = looked_at(told, job, headers=headers)
    answer.headers["Location"] = location
    if job.state in UNFINISHED:
        answer.status_code = 202
    return answer


def looked_at(told: Any, job: Job, *, headers: Mapping[str, str] | None = None) -> Response:
    """A job as it is now, and when to look again where it is under way."""
    answer = Response(told, headers=dict(headers or {}))
    if job.state in UNFINISHED:
        answer.headers["Retry-After"] = SECONDS_TO_NEXT_LOOK
    return answer
