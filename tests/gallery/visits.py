"""Visits to what share links open, without an account."""

from typing import Any

from django.test import Client
from django.urls import reverse

from gallery.models import Photo, ShareLink

FILES = ("shared-thumbnail", "shared-preview", "shared-download")
PAGES_AND_FILES = ("shared", "shared-photo", *FILES)


def address(name: str, link: ShareLink | str, photo: Photo) -> str:
    token = link if isinstance(link, str) else link.token
    return reverse(name, args=[token] if name == "shared" else [token, photo.pk])


def got(name: str, link: ShareLink | str, photo: Photo, **headers: str) -> Any:
    """What a visitor without an account gets, the whole of it, from nowhere else."""
    answer: Any = Client().get(address(name, link, photo), headers=headers)
    answer.body = answer.getvalue()
    assert "Location" not in answer
    return answer


def statuses(link: ShareLink | str, photo: Photo, **headers: str) -> set[int]:
    return {got(name, link, photo, **headers).status_code for name in PAGES_AND_FILES}
