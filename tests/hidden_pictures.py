"""Small pictures that are hidden in metadata, and the search for them in other files."""

import base64

from tests import images

HIDDEN_JPEG = images.encode_pixels(images.build_noise(16, 16, seed=7), "JPEG", quality=80)
HIDDEN_RAW = images.build_scene(12, 12, seed=8).tobytes()
HIDDEN_FLAT = bytes((207, 30, 111)) * 300
"""Raw pixels of one colour."""
HIDDEN = {"jpeg": HIDDEN_JPEG, "raw": HIDDEN_RAW, "flat": HIDDEN_FLAT}

_PIECE, _STEP = 24, 30
_JPEG_DATA = HIDDEN_JPEG.index(b"\xff\xda")  # behind the tables, which other files have too


def find_hidden(data: bytes) -> list[str]:
    """Return which of the hidden pictures are in `data`: as they are, as numbers or as text."""
    found = []
    for name, hidden in HIDDEN.items():
        content = hidden[_JPEG_DATA:] if name == "jpeg" else hidden
        for form in _iterate_forms(content):
            pieces = [form[at : at + _PIECE] for at in range(0, len(form) - _PIECE, _STEP)]
            if any(piece in data for piece in pieces):
                found.append(name)
                break
    return found


def _iterate_forms(content: bytes) -> list[bytes]:
    as_text = content.decode("latin-1")
    encoded = [base64.b64encode(content[at:]) for at in range(3)]
    return [
        content,
        content.hex().encode(),
        content.hex().upper().encode(),
        as_text.encode(),
        *encoded,
    ]
