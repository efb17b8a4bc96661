"""The notebook, run from top to bottom against a running server."""

import base64
import io
from typing import Any

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient
from PIL import Image, ImageFilter

from tests.installation import ROOT, Installation

pytestmark = pytest.mark.whole_way
EXAMPLES = ROOT / "examples"


def read_notebook() -> Any:
    return nbformat.read(EXAMPLES / "vanish.ipynb", as_version=4)  # type: ignore[no-untyped-call]


def extract_pictures(notebook: Any) -> list[Image.Image]:
    """Return all pictures in the outputs of the notebook, in order."""
    return [
        Image.open(io.BytesIO(base64.b64decode(output["data"]["image/png"])))
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]


def test_the_notebook_shows_the_photo_the_detections_and_the_result(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VANISH_SERVER", installation.url)
    monkeypatch.delenv("VANISH_TOKEN", raising=False)
    monkeypatch.setenv("PYTHONPATH", str(EXAMPLES))
    notebook = read_notebook()
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": EXAMPLES}}).execute()

    photo, marked, sheet = extract_pictures(notebook)
    assert photo.size == marked.size
    assert (np.asarray(photo) != np.asarray(marked)).any()
    width = (sheet.width - 20) // 3
    thirds = [(place * (width + 10), 0, place * (width + 10) + width) for place in range(3)]
    before, mask, after = (sheet.crop((*third, sheet.height)) for third in thirds)
    # Scaling a picture down spreads the change to neighbouring pixels.
    touched = np.asarray(mask.filter(ImageFilter.MaxFilter(13))).max(axis=2) > 0
    assert 0.001 < touched.mean() < 0.5
    changed = (np.asarray(before) != np.asarray(after)).any(axis=2)
    assert changed[touched].mean() > 0.5
    assert not changed[~touched].any()


def test_the_notebook_is_stored_without_outputs() -> None:
    notebook = read_notebook()
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in notebook.cells)
