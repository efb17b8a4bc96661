"""What a service raises when it will not do what was asked."""


class Problem(Exception):
    """A refusal that the caller is told as it stands.

    `code` is a stable snake_case cause, `message` says what is wrong and what to do, `status`
    is the HTTP status that fits, `fields` names the inputs at fault.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str,
        status: int = 400,
        fields: dict[str, list[str]] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.status = status
        self.fields = fields or {}


class NotThere(Problem):
    """It does not exist, or the asker may not know that it does."""

    def __init__(self, what: str) -> None:
        super().__init__(f"There is no such {what}.", code="not_found", status=404)


class NotAllowed(Problem):
    """A member asks for more than the role gives."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="not_allowed", status=403)
