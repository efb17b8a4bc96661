"""Names and titles that people give: which characters they may hold."""

import unicodedata

_REFUSED_CATEGORIES = {"Cc", "Cs", "Zl", "Zp"}
"""Control characters, halves of a character, and the separators of lines and paragraphs."""
_BIDI_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They make a name look different from what it is (Unicode UAX 9); text needs none of them."""


def clean_name(name: str, *, replacement: str = "") -> str:
    """Return `name` with `replacement` for control characters and bidi overrides.

    Joiners stay: words in Persian and families of emoji consist of them. The result is empty where
    no character would be visible.
    """
    letters = (letter if _may_stay(letter) else replacement for letter in name)
    cleaned = "".join(letters).strip()
    return cleaned if any(map(_is_visible, cleaned)) else ""


def _may_stay(letter: str) -> bool:
    return unicodedata.category(letter) not in _REFUSED_CATEGORIES and letter not in _BIDI_OVERRIDES


def _is_visible(letter: str) -> bool:
    return letter.isprintable() and not letter.isspace()
