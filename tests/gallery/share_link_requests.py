"""Requests for the pages and files of share links, without an account."""

from typing import Any

from django.test import Client
from django.urls import reverse

from gallery.models import Photo, ShareLink

FILES = ("shared-thumbnail", "shared-preview", "shared-download")
PAGES_AND_FILES = ("shared", "shared-photo", *FILES)


def build_path(name: str, link: ShareLink | str, photo: Photo) -> str:
    """Return the path of a page or file of the link."""
    token = link if isinstance(link, str) else link.token
    return reverse(name, args=[token] if name == "shared" else [token, photo.pk])


def send_request(name: str, link: ShareLink | str, photo: Photo, **headers: str) -> Any:
    """Return the response to a request, with its whole `body`; check that it is no redirect."""
    response: Any = Client().get(build_path(name, link, photo), headers=headers)
    response.body = response.getvalue()
    assert "Location" not in response
    return response


def collect_statuses(link: ShareLink | str, photo: Photo, **headers: str) -> set[int]:
    """Return the statuses of all pages and files of the link."""
    return {send_request(name, link, photo, **headers).status_code for name in PAGES_AND_FILES}
