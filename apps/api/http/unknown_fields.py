"""Unknown fields of a body: refused, because a misspelt field would be ignored silently."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from rest_framework.serializers import BaseSerializer, Serializer

from api.problems.faults import Path
from web.errors import Fault

# A body of nonsense is not repeated in full.
_MAX_FAULTS = 20
_MAX_NAME = 100


def find_unknown_fields(serializer: BaseSerializer[Any], sent: Any) -> list[Fault]:
    """Find the fields of `sent`, the body, that the serializer does not have; at most 20."""
    return list(islice(_find_in(serializer, sent, ()), _MAX_FAULTS))


def _find_in(serializer: BaseSerializer[Any], sent: Any, path: Path) -> Iterator[Fault]:
    if not isinstance(serializer, Serializer) or not isinstance(sent, Mapping):
        return
    known = list(serializer.fields)
    for name in sent:
        if name not in serializer.fields:
            detail = f"There is no such field; there are: {', '.join(known)}."
            yield Fault(detail, (*path, str(name)[:_MAX_NAME]), expected=known)
    for name, field in serializer.fields.items():
        child = getattr(field, "child", None)
        if isinstance(child, Serializer):
            items = field.get_value(sent)
            for place, item in enumerate(items if isinstance(items, list) else ()):
                yield from _find_in(child, item, (*path, name, place))
