"""The check that a text in metadata is for people, and does not hide a file or pixels."""

import re
import unicodedata

MAX_LENGTH = 4096
"""The longest text that is kept, in characters."""

# Japanese and Chinese cameras and programs write these where the standards say ASCII.
_ENCODINGS = ("utf-8", "cp1252", "cp932", "gb18030")
_LINE_BREAKS = "\t\n\r"
_REFUSED_CATEGORIES = {"Cc", "Cn", "Co", "Cs"}
_REPETITION = re.compile(r"(\S{1,4})\1{59}")
_SEPARATORS = re.compile(r"[\s,;]+")
_ENCODED = re.compile(r"[A-Za-z0-9+/=_-]+")
_LONG_WORD = 60  # Base64 and hexadecimal numbers come in lines of 60 to 76
_MAX_ENCODED, _MAX_LONG = 100, 300  # letters in long words of Base64, and in others, as addresses


def decode_plain_text(data: bytes, *, max_length: int = MAX_LENGTH) -> str | None:
    """Return the text in the first encoding that gives a plain one; None if there is none."""
    for encoding in _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if is_plain_text(text, max_length=max_length):
            return text
    return None


def is_plain_text(text: str, *, max_length: int = MAX_LENGTH) -> bool:
    """Return whether `text` has only letters, signs and line breaks, and no encoded data."""
    return len(text) <= max_length and all(map(_is_readable, text)) and not _looks_like_data(text)


def _is_readable(letter: str) -> bool:
    if letter == "\ufffd":  # stands for bytes that are no text
        return False
    return letter in _LINE_BREAKS or unicodedata.category(letter) not in _REFUSED_CATEGORIES


def _looks_like_data(text: str) -> bool:
    """Return whether much of it is in long ASCII words, or a few letters repeat as pixels do."""
    words = [word for word in _SEPARATORS.split(text) if len(word) >= _LONG_WORD and word.isascii()]
    encoded = sum(len(word) for word in words if _ENCODED.fullmatch(word))
    has_long_words = encoded > _MAX_ENCODED or sum(map(len, words)) > _MAX_LONG
    return has_long_words or _REPETITION.search(text) is not None
