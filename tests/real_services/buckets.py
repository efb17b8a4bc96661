"""Storages in a bucket, as the settings make them."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

from django.core.files.storage import storages

from config.services import bucket_storage
from gallery.storage.bucket import BucketFiles
from tests.storage import own_place

if TYPE_CHECKING:
    from pytest_django import Settings


def bucket_at(
    address: str, aws: dict[str, str], settings: "Settings", *, bucket: str = ""
) -> BucketFiles:
    """This test's files are in the bucket of that server from now on, under their own prefix."""
    name = bucket or aws["AWS_STORAGE_BUCKET_NAME"]
    entry = own_place(bucket_storage(name, aws["AWS_REGION"], address), Path())
    settings.STORAGES = settings.STORAGES | {"default": entry}
    return cast(BucketFiles, storages["default"])
