"""What a service raises when it will not do what was asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from web.problems import find_status

Place = Literal["body", "query", "header"]


@dataclass(frozen=True)
class Fault:
    """One input at fault, for people (`detail`) and for programs.

    `path` leads to it from the top of the body, ("boxes", 1, "x"), () being all of it; in the
    query or the headers it is the one name. `expected` and `received` are JSON, None untold.
    """

    detail: str
    path: tuple[str | int, ...] = ()
    place: Place = "body"
    expected: object = None
    received: object = None


class Problem(Exception):
    """A refusal that the caller is told as it stands.

    `message` says what is wrong and what to do. `code` is the stable snake_case cause and `case` a
    case of it: web/problems.toml has their HTTP status, or LookupError is raised. `fields` names
    the inputs at fault with a sentence or more each, `faults` says more about them. `members` and
    `headers` go into the answer as they are.
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
        named = [Fault(text, (name,)) for name, texts in self.fields.items() for text in texts]
        self.faults = [*faults, *named]
        self.members = members or {}
        self.headers = headers or {}


class NotThere(Problem):
    """It does not exist, or the asker may not know that it does; `field` of the body named it."""

    def __init__(self, what: str, *, field: str = "") -> None:
        message = f"There is no such {what}."
        faults = [Fault(message, (field,))] if field else []
        super().__init__(message, code="not_found", faults=faults)


class NotAllowed(Problem):
    """A member asks for more than the role gives."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="not_allowed")
