"""Comparison of entity tags with the preconditions of a request (RFC 9110, section 13.1).

Django's `get_conditional_response` is not used: it ignores an If-Match that it cannot parse, and
refuses If-Unmodified-Since where there is no date to compare.
"""

from collections.abc import Mapping

from django.utils.http import parse_etags

IF_MATCH, IF_NONE_MATCH = "If-Match", "If-None-Match"


def meets_if_match(headers: Mapping[str, str], tag: str) -> bool:
    """Return whether If-Match is absent or names the tag, which has its quotes.

    The comparison is strong: a weak tag does not guarantee equal bytes.
    """
    if IF_MATCH not in headers:
        return True
    tags = parse_etags(headers[IF_MATCH])
    return tags == ["*"] or tag in tags


def names_in_if_none_match(headers: Mapping[str, str], tag: str) -> bool:
    """Return whether If-None-Match names the tag, compared weakly."""
    tags = parse_etags(headers.get(IF_NONE_MATCH, ""))
    return tags == ["*"] or tag in (each.removeprefix("W/") for each in tags)
