"""What a body refers to by its id."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from accounts.models import User
from web.errors import Fault, NotThere, Problem


def referred[Row](
    find: Callable[[User, uuid.UUID], Row], user: User, asked: Mapping[str, Any], name: str
) -> Row | None:
    """What the field `name` of a checked body refers to; None where it is left out or null.

    Raises Problem (404) that points to the field, where `find` raises NotThere.
    """
    key: uuid.UUID | None = asked.get(name)
    if key is None:
        return None
    try:
        return find(user, key)
    except NotThere as error:
        fault = Fault(error.message, (name,), received=str(key))
        raise Problem(
            error.message, code=error.code, status=error.status, faults=[fault]
        ) from error
