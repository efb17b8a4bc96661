"""Who makes the made-up calls, and what they may put into them."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.test import Client

from accounts.services import token_create
from tests import images, rows
from tests.access.scene import Scene
from vision.detectors.base import Box

CSRF_TOKEN = "a" * 32
WHO = ("owner", "stranger", "nobody")


def signed_in(who: str, scene: Scene) -> dict[str, Any]:
    """What goes with every call: the owner has a session, the stranger a token."""
    return _BY_NAME[who](scene)


def _in_a_session(scene: Scene) -> dict[str, Any]:
    client = Client()
    client.force_login(scene.users["owner"])
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    token = {"X-CSRFToken": CSRF_TOKEN}
    return {"cookies": cookies | {"csrftoken": CSRF_TOKEN}, "headers": token}


def _by_token(scene: Scene) -> dict[str, Any]:
    _, text = token_create(
        user=scene.users["stranger"],
        name="fuzz",
        scopes=["read", "write"],
        expires_in=timedelta(days=1),
    )
    return {"headers": {"Authorization": f"Bearer {text}"}}


def _without(scene: Scene) -> dict[str, Any]:
    return {}


_BY_NAME: Mapping[str, Callable[[Scene], dict[str, Any]]] = {
    "owner": _in_a_session,
    "stranger": _by_token,
    "nobody": _without,
}


def path_of(scene: Scene, names: list[str]) -> dict[str, str]:
    """The ids of what is there, for the places in a path."""
    ids = scene.ids()
    return {name: str(ids[name]) for name in names}


def meant_well(scene: Scene, *, is_form: bool) -> dict[str, Any]:
    """What fields of a body hold where they name something that is there."""
    hole = rows.build_mask_png(hole=Box(x=4, y=4, width=8, height=8))
    files = {
        "file": images.build_png(32, 24),
        "image": images.build_png(rows.WIDTH, rows.HEIGHT),
        "mask_file": hole,
    }
    return (files if is_form else {}) | {
        "album": str(scene.album.pk),
        "photo": str(scene.photo.pk),
        "mask": str(scene.mask.pk),
        "base_revision": str(scene.revision.pk),
        "base_edit": str(scene.queued.pk),
        "detections": [],
        "labels": [],
        "boxes": [{"x": 4, "y": 4, "width": 8, "height": 8}],
        "polygons": [[[4, 4], [20, 4], [12, 20]]],
        "name": "x",
        "events": ["photo.created"],
        "email": scene.users["stranger"].email,
        "url": "https://127.0.0.1/",
    }
