"""Identification of the code that renders pictures."""

import hashlib
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import PIL


@cache
def compute_code_version() -> str:
    """Return 16 hexadecimal digits that change with this package and with its libraries.

    The same picture may be encoded to other bytes by another version.
    """
    digest = hashlib.sha256(f"{PIL.__version__} {cv2.__version__} {np.__version__}".encode())
    root = Path(__file__).parent
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
