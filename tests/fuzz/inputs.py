"""Inputs of the fuzz tests: credentials of the callers, path parameters and field values."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.test import Client

from accounts.services import token_create
from tests import images, rows
from tests.access.sample_data import SampleData
from vision.detectors.base import Box

CSRF_TOKEN = "a" * 32
CALLERS = ("owner", "stranger", "nobody")


def build_credentials(who: str, sample: SampleData) -> dict[str, Any]:
    """Return cookies and headers of a caller: the owner has a session, the stranger a token."""
    return _CREDENTIALS[who](sample)


def _sign_in(sample: SampleData) -> dict[str, Any]:
    client = Client()
    client.force_login(sample.users["owner"])
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    headers = {"X-CSRFToken": CSRF_TOKEN}
    return {"cookies": cookies | {"csrftoken": CSRF_TOKEN}, "headers": headers}


def _create_token(sample: SampleData) -> dict[str, Any]:
    _, text = token_create(
        user=sample.users["stranger"],
        name="fuzz",
        scopes=["read", "write"],
        expires_in=timedelta(days=1),
    )
    return {"headers": {"Authorization": f"Bearer {text}"}}


def _stay_anonymous(sample: SampleData) -> dict[str, Any]:
    return {}


_CREDENTIALS: Mapping[str, Callable[[SampleData], dict[str, Any]]] = {
    "owner": _sign_in,
    "stranger": _create_token,
    "nobody": _stay_anonymous,
}


def build_path_parameters(sample: SampleData, names: list[str]) -> dict[str, str]:
    """Return ids of existing rows for the parameters of a path."""
    ids = sample.get_ids()
    return {name: str(ids[name]) for name in names}


def build_valid_fields(sample: SampleData, *, is_form: bool) -> dict[str, Any]:
    """Return valid values of body fields, which name existing rows."""
    hole = rows.build_mask_png(hole=Box(x=4, y=4, width=8, height=8))
    files = {
        "file": images.build_png(32, 24),
        "image": images.build_png(rows.WIDTH, rows.HEIGHT),
        "mask_file": hole,
    }
    return (files if is_form else {}) | {
        "album": str(sample.album.pk),
        "photo": str(sample.photo.pk),
        "mask": str(sample.mask.pk),
        "base_revision": str(sample.revision.pk),
        "base_edit": str(sample.queued.pk),
        "detections": [],
        "labels": [],
        "boxes": [{"x": 4, "y": 4, "width": 8, "height": 8}],
        "polygons": [[[4, 4], [20, 4], [12, 20]]],
        "name": "x",
        "events": ["photo.created"],
        "email": sample.users["stranger"].email,
        "url": "https://127.0.0.1/",
    }
