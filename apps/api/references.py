"""The rows that a body refers to by their ids."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from accounts.models import User
from web.errors import Fault, NotThere, Problem


def find_referenced[Row](
    find: Callable[[User, uuid.UUID], Row], user: User, body: Mapping[str, Any], name: str
) -> Row | None:
    """Return the row that the field `name` of a checked body names; None if it is absent or null.

    Raises Problem (404) that points to the field, if `find` raises NotThere.
    """
    key: uuid.UUID | None = body.get(name)
    if key is None:
        return None
    try:
        return find(user, key)
    except NotThere as error:
        fault = Fault(error.message, (name,), received=str(key))
        raise Problem(error.message, code=error.code, faults=[fault]) from error
