"""The storage of a test in a bucket."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

from django.core.files.storage import storages

from config.services import build_bucket_storage
from gallery.storage.bucket import BucketFiles
from tests.storage import build_own_storage

if TYPE_CHECKING:
    from pytest_django import Settings


def use_bucket(
    address: str, aws: dict[str, str], settings: "Settings", *, bucket: str = ""
) -> BucketFiles:
    """Keep this test's files in a bucket of this server, under their own prefix."""
    name = bucket or aws["AWS_STORAGE_BUCKET_NAME"]
    entry = build_own_storage(build_bucket_storage(name, aws["AWS_REGION"], address), Path())
    settings.STORAGES = settings.STORAGES | {"default": entry}
    return cast(BucketFiles, storages["default"])
