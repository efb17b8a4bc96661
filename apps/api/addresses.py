"""Fast paths to rows: a list of fifty photos contains hundreds of them."""

import uuid
from functools import cache
from urllib.parse import quote

from django.urls import get_script_prefix, reverse
from django.utils.http import RFC3986_SUBDELIMS

SAMPLE = uuid.UUID(int=0)
# The characters that `django.urls.reverse` does not quote.
PLAIN = f"{RFC3986_SUBDELIMS}/~:@"


def build_path(view_name: str, key: uuid.UUID | str) -> str:
    """Build the path of the row with this key, as `reverse` does, which is slower."""
    before, after = _split_path(get_script_prefix(), view_name)
    text = str(key) if isinstance(key, uuid.UUID) else quote(key, safe=PLAIN)
    return f"{before}{text}{after}"


@cache
def _split_path(script_prefix: str, view_name: str) -> tuple[str, str]:
    before, after = reverse(view_name, args=[SAMPLE]).split(str(SAMPLE))
    return before, after
