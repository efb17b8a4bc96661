"""Fields of a body that nobody knows: refused, since a misspelt wish would be passed over."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from rest_framework.serializers import BaseSerializer, Serializer

from api.problems.faults import Path
from web.errors import Fault

# Of a body of nonsense not all is told, nor the whole of a name.
_MOST_TOLD = 20
_LONGEST_NAME = 100


def unknown_fields(serializer: BaseSerializer[Any], sent: Any) -> list[Fault]:
    """Where `sent`, the body, has fields that the serializer does not; the first 20."""
    return list(islice(_unknown(serializer, sent, ()), _MOST_TOLD))


def _unknown(serializer: BaseSerializer[Any], sent: Any, path: Path) -> Iterator[Fault]:
    if not isinstance(serializer, Serializer) or not isinstance(sent, Mapping):
        return
    known = list(serializer.fields)
    for name in sent:
        if name not in serializer.fields:
            detail = f"There is no such field; there are: {', '.join(known)}."
            yield Fault(detail, (*path, str(name)[:_LONGEST_NAME]), expected=known)
    for name, field in serializer.fields.items():
        child = getattr(field, "child", None)
        if isinstance(child, Serializer):
            items = field.get_value(sent)
            for place, item in enumerate(items if isinstance(items, list) else ()):
                yield from _unknown(child, item, (*path, name, place))
