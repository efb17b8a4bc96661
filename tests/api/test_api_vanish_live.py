"""vanish/ with real workers: the end of the detection wakes the edit that waits for it."""

import io
from pathlib import Path

import httpx
import numpy as np
from PIL import Image

from tests.installation import Installation

DEMO = {"email": "demo@vanish.example", "password": "make-it-vanish", "name": "vanish"}
SECONDS = 120


def list_photo_ids(api: httpx.Client) -> list[str]:
    return [row["id"] for row in api.get("photos/").json()["results"]]


def test_a_cat_is_removed_in_one_call(installation: Installation, photos: Path) -> None:
    before = Image.open(photos / "skimage_chelsea.png").convert("RGB").resize((300, 200))
    picture = io.BytesIO()
    before.save(picture, "PNG")

    with httpx.Client(base_url=f"{installation.url}/api/v1/", timeout=SECONDS) as api:
        token = api.post("auth/tokens/", json=DEMO).json()["token"]
        api.headers["Authorization"] = f"Bearer {token}"
        ids_before = list_photo_ids(api)
        response = api.post(
            "vanish/",
            files={"image": ("cat.png", picture.getvalue())},
            data={"labels": "cat", "inpainter": "patchmatch"},
            headers={"Prefer": "wait=60"},
        )
        assert list_photo_ids(api) == ids_before

    assert (response.status_code, response.headers["Content-Type"]) == (200, "image/png"), (
        response.text
    )
    assert response.headers["Preference-Applied"] == "wait=60"
    after = np.asarray(Image.open(io.BytesIO(response.content)))
    assert (after != np.asarray(before)).any(axis=2).mean() > 0.2
