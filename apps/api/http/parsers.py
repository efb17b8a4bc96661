"""JSON from outside: what cannot be stored is refused before it reaches a service."""

import codecs
import json
from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

BYTE_ORDER_MARK = "\ufeff"


class StrictJsonParser(JSONParser):
    """A JSON parser that refuses NaN, lone surrogates, and nesting deeper than Python's stack.

    A byte order mark before JSON in UTF-8 is ignored, as RFC 8259, section 8.1, allows.
    """

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Parse the body. Raises ParseError."""
        context = {"encoding": "utf-8", **(parser_context or {})}
        if codecs.lookup(context["encoding"]).name == "utf-8":
            context["encoding"] = "utf-8-sig"
        try:
            value = super().parse(stream, media_type, context)
            json.dumps(value, ensure_ascii=False).encode()
        except RecursionError:
            raise ParseError("The JSON is nested too deeply.") from None
        except UnicodeEncodeError:
            raise ParseError("The JSON holds half a character (a lone surrogate).") from None
        return value


def parse_json_text(text: str) -> Any:
    """Parse JSON in the field of a form. Raises ValueError."""
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
