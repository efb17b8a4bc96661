"""Storages in a bucket, as the settings make them."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

from django.core.files.storage import storages

from config.services import bucket_storage
from gallery.storage.bucket import BucketFiles
from tests.storage import build_own_storage

if TYPE_CHECKING:
    from pytest_django import Settings


def use_bucket(
    address: str, aws: dict[str, str], settings: "Settings", *, bucket: str = ""
) -> BucketFiles:
    """This test's files are in the bucket of that server from now on, under their own prefix."""
    name = bucket or aws["AWS_STORAGE_BUCKET_NAME"]
    entry = build_own_storage(bucket_storage(name, aws["AWS_REGION"], address), Path())
    settings.STORAGES = settings.STORAGES | {"default": entry}
    return cast(BucketFiles, storages["default"])
