"""Files in a private S3 bucket, through django-storages.

Only the setting STORAGES refers to this module; no other module imports it.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from tempfile import SpooledTemporaryFile
from threading import RLock
from typing import IO, TYPE_CHECKING, Any, Self, cast

from django.core.files.base import File
from django.utils.functional import cached_property
from django.utils.http import content_disposition_header
from storages.backends.s3 import S3Storage

from gallery.storage.aws_errors import translate_aws_errors
from gallery.storage.base import SignedUrl, StagedUpload, StoredFile
from gallery.storage.bucket_staging import BucketStaging
from gallery.storage.lifetime import choose_signing_seconds
from gallery.storage.signed_urls import clear_cached_url

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    BytesFile = File[bytes]
else:
    BytesFile = File

_SESSION_LOCK = RLock()
MEMORY_BYTES = 5 * 2**20
SIGNED_SECONDS = 7200


class BucketFiles(S3Storage):  # type: ignore[misc]
    """Storage in a private bucket: no ACL, and only signed addresses.

    `gallery.files` makes the keys and never uses one twice, so no check for a free key is needed.
    """

    has_signed_urls = True

    def __init__(self, **options: Any) -> None:
        from boto3.s3.transfer import TransferConfig

        self._addressing_style = str(options.pop("addressing_style"))
        super().__init__(
            default_acl=None,
            max_memory_size=MEMORY_BYTES,
            client_config=_build_client_config(self._addressing_style),
            # One part of the smallest size at a time, so that a large file needs no more memory.
            transfer_config=TransferConfig(
                multipart_threshold=MEMORY_BYTES,
                multipart_chunksize=MEMORY_BYTES,
                use_threads=False,
            ),
            **options,
        )

    @property
    def connection(self) -> Any:
        """boto3's resource of this thread; under a lock, because creating it is not thread-safe."""
        with _SESSION_LOCK:
            return super().connection

    def _create_session(self) -> Any:
        return _get_session(self.access_key, self.secret_key, self.security_token)

    @property
    def client(self) -> "S3Client":
        """boto3's client of this thread."""
        return cast("S3Client", self.connection.meta.client)

    @cached_property
    def staging(self) -> BucketStaging:
        """Receiver of direct uploads."""
        return BucketStaging(self)

    @cached_property
    def _impatient_client(self) -> "S3Client":
        quick = {"connect_timeout": 1, "read_timeout": 5, "retries": {"total_max_attempts": 1}}
        with _SESSION_LOCK:
            client = self._create_session().client(
                "s3",
                region_name=self.region_name,
                endpoint_url=self.endpoint_url,
                config=_build_client_config(self._addressing_style, **quick),
            )
        return cast("S3Client", client)

    def build_key(self, name: str) -> str:
        """Return the key of the file in the bucket."""
        return str(self._normalize_name(name))

    def build_signed_url(self, name: str, *, mime: str, filename: str) -> SignedUrl | None:
        """Return a signed address; S3 responds with the same headers as our server."""
        disposition = content_disposition_header(bool(filename), filename or "picture")
        params = {
            "Bucket": self.bucket_name,
            "Key": self.build_key(name),
            "ResponseContentType": mime,
            "ResponseContentDisposition": disposition,
            "ResponseCacheControl": "private, max-age=3600",
        }
        with translate_aws_errors(name):
            seconds = choose_signing_seconds(self.client, most=SIGNED_SECONDS)
            url = self.client.generate_presigned_url("get_object", Params=params, ExpiresIn=seconds)
        return SignedUrl(url, seconds)

    def walk(self, prefix: str) -> Iterator[StoredFile]:
        """Yield all files below the prefix."""
        root_length = len(self.build_key("x")) - 1
        with translate_aws_errors(prefix):
            pages = self.client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self.bucket_name, Prefix=self.build_key(prefix)):
                for entry in page.get("Contents", ()):
                    yield StoredFile(entry["Key"][root_length:], entry["LastModified"])

    def list_abandoned_uploads(self, before: datetime) -> Iterator[StagedUpload]:
        """Yield unfinished multipart uploads that began before this time; `walk` omits them."""
        return self.staging.list_begun_before(before)

    def check_reachable(self) -> None:
        """Raise OSError when the bucket does not exist, is not ours or responds too slowly."""
        with translate_aws_errors(self.bucket_name):
            self._impatient_client.head_bucket(Bucket=self.bucket_name)

    def exists(self, name: str) -> bool:
        """Return whether the file exists."""
        with translate_aws_errors(name):
            return bool(super().exists(name))

    def delete(self, name: str) -> None:
        """Delete the file, if it exists, and its cached signed address."""
        with translate_aws_errors(name):
            super().delete(name)
        clear_cached_url(name)

    def size(self, name: str) -> int:
        """Return the size in bytes."""
        with translate_aws_errors(name):
            return int(super().size(name))

    def _open(self, name: str, mode: str = "rb") -> BytesFile:
        """Return the whole file, read-only; more than 5 MB are buffered on the disk."""
        if mode != "rb":
            raise ValueError("Stored files cannot be opened for writing")
        return _BucketFile(self, name)

    def fetch(self, name: str) -> IO[bytes]:
        """Download the file; returns its bytes, positioned at the start."""
        content = cast(IO[bytes], SpooledTemporaryFile(max_size=MEMORY_BYTES))  # noqa: SIM115
        try:
            with translate_aws_errors(name):
                self.client.download_fileobj(
                    self.bucket_name, self.build_key(name), content, Config=self.transfer_config
                )
        except BaseException:
            content.close()
            raise
        content.seek(0)
        return content

    def _save(self, name: str, content: BytesFile) -> str:
        with translate_aws_errors(name):
            return str(super()._save(name, content))


class _BucketFile(BytesFile):
    """A file of the bucket. Opening it again after closing downloads it again."""

    def __init__(self, files: BucketFiles, name: str) -> None:
        super().__init__(files.fetch(name), name)
        self._files = files

    def open(self, mode: str | None = None, *_args: Any, **_options: Any) -> Self:  # noqa: ARG002
        """Open the file at its start."""
        if self.closed:
            self.file = self._files.fetch(str(self.name))
        else:
            self.seek(0)
        return self


@lru_cache(maxsize=4)
def _get_session(access_key: str | None, secret_key: str | None, token: str | None) -> Any:
    """Return the session of this process, so that a role's credentials are fetched only once."""
    import boto3

    return boto3.Session(
        aws_access_key_id=access_key, aws_secret_access_key=secret_key, aws_session_token=token
    )


def _build_client_config(addressing_style: str, **overrides: Any) -> Any:
    from botocore.config import Config

    defaults: dict[str, Any] = {
        "connect_timeout": 5,
        "read_timeout": 30,
        "retries": {"mode": "standard", "total_max_attempts": 3},
    }
    # Otherwise us-east-1 has another host than all regions, and the content policy allows one.
    style: Any = {
        "addressing_style": addressing_style,
        "us_east_1_regional_endpoint": "regional",
    }
    return Config(signature_version="s3v4", s3=style, **(defaults | overrides))
