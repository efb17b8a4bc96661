"""The exceptions that a service raises to refuse a request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from web.problems import find_status

Place = Literal["body", "query", "header"]


@dataclass(frozen=True)
class Fault:
    """One wrong input, for people (`detail`) and for programs.

    Attributes:
        detail: a sentence that says what is wrong.
        path: where the input is in the body, like ("boxes", 1, "x"), or () for the whole body. For
            a query parameter or a header it is its name.
        place: the part of the request.
        expected: a JSON value; None when it is not stated.
        received: likewise.
    """

    detail: str
    path: tuple[str | int, ...] = ()
    place: Place = "body"
    expected: object = None
    received: object = None


class Problem(Exception):
    """A refusal whose message is shown to the caller without a change.

    Args:
        message: what is wrong and what to do.
        code: the stable cause in snake_case.
        case: a case of the cause that has another HTTP status.
        fields: the names of the wrong inputs, with one or more sentences for each.
        faults: wrong inputs with more details.
        members: further members of the response body.
        headers: further headers of the response.

    Raises:
        LookupError: web/problems.toml has no HTTP status for the cause and the case.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str,
        case: str = "",
        fields: Mapping[str, Sequence[str]] | None = None,
        faults: Sequence[Fault] = (),
        members: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.status = find_status(code, case)
        self.fields = fields or {}
        by_name = [Fault(text, (name,)) for name, texts in self.fields.items() for text in texts]
        self.faults = [*faults, *by_name]
        self.members = members or {}
        self.headers = headers or {}


class NotThere(Problem):
    """The object does not exist, or the caller may not know that it exists.

    `field` is the field of the body that names the object, if there is one.
    """

    def __init__(self, what: str, *, field: str = "") -> None:
        message = f"There is no such {what}."
        faults = [Fault(message, (field,))] if field else []
        super().__init__(message, code="not_found", faults=faults)


class NotAllowed(Problem):
    """A member requests more than the role allows."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="not_allowed")
