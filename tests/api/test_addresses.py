"""Paths built without searching all URL patterns equal those of Django."""

import uuid

import pytest
from django.urls import reverse, set_script_prefix

from api.addresses import build_path


@pytest.mark.parametrize(
    ("view_name", "key"),
    [
        ("api-photo", uuid.uuid4()),
        ("api-revision-thumbnail", uuid.uuid4()),
        ("shared", "eyJ:a-b_c.1=~"),
        ("shared", "ü %?#&+"),
        ("api-example-thumbnail", "astronaut"),
    ],
)
def test_paths_equal_those_of_reverse(view_name: str, key: uuid.UUID | str) -> None:
    assert build_path(view_name, key) == reverse(view_name, args=[key])


def test_paths_include_the_script_prefix() -> None:
    try:
        set_script_prefix("/below/")
        assert build_path("api-photo", uuid.UUID(int=1)) == reverse(
            "api-photo", args=[uuid.UUID(int=1)]
        )
        assert build_path("api-photo", uuid.UUID(int=1)).startswith("/below/api/")
    finally:
        set_script_prefix("/")
