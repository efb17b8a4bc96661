"""Files with the pictures and facts of a case, which processes of two environments share."""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "var/bench/vision"
"""One folder for each case: before.png, mask.png (255 = hole), METHOD.png and METHOD.json."""

Rgb = NDArray[np.uint8]
Hole = NDArray[np.bool_]


def read_rgb(path: Path) -> Rgb:
    """Read a picture as [H,W,3] uint8. Raises FileNotFoundError."""
    return np.ascontiguousarray(_read(path, cv2.IMREAD_COLOR)[:, :, ::-1])


def write_rgb(path: Path, picture: Rgb) -> None:
    """Write a picture, without loss unless the extension is .jpg."""
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), picture[:, :, ::-1])


def read_hole(path: Path) -> Hole:
    """Read a mask, in which light pixels are the hole, as [H,W] bool. Raises FileNotFoundError."""
    return np.asarray(_read(path, cv2.IMREAD_GRAYSCALE) >= 128)


def write_hole(path: Path, hole: Hole) -> None:
    """Write a hole as a mask, 255 = hole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), hole.astype(np.uint8) * 255)


def _read(path: Path, flags: int) -> NDArray[np.uint8]:
    picture = cv2.imread(str(path), flags)
    if picture is None:
        raise FileNotFoundError(path)
    return picture.astype(np.uint8, copy=False)


def read_facts(path: Path) -> dict[str, Any]:
    """Read a JSON object; return an empty one if the file is missing."""
    if not path.exists():
        return {}
    facts: dict[str, Any] = json.loads(path.read_text())
    return facts


def write_facts(path: Path, facts: dict[str, Any]) -> None:
    """Write a JSON object."""
    path.write_text(json.dumps(facts))
