"""Direct uploads to S3: a presigned form for a small file, presigned parts for a large one."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING
from uuid import UUID

from gallery.storage.base import PART_BYTES, PartRequest, Staged, StagingRefused, slices
from gallery.storage.faults import aws_faults
from gallery.storage.lifetime import signing_seconds

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

    from gallery.storage.bucket import BucketFiles

SIGNED_SECONDS = 3600
NOBODY = UUID(int=0)


class BucketStaging:
    """S3 itself takes the bytes; the announced length and type are part of what is signed."""

    def __init__(self, files: "BucketFiles") -> None:
        self._files = files

    def begin(self, key: str, *, mime: str, length: int) -> str:
        """Open an upload in parts; a file of one part needs none."""
        if length <= PART_BYTES:
            return ""
        with aws_faults(key):
            begun = self._files.client.create_multipart_upload(
                Bucket=self._files.bucket_name, Key=self._files.key(key), ContentType=mime
            )
        return begun["UploadId"]

    def missing(self, staged: Staged) -> list[PartRequest]:
        """A form for a small file; a PUT for every part of a large one that is not there."""
        if self._length(staged) == staged.length:
            return []
        if not staged.remote_id:
            return [self._form(staged)]
        try:
            there = {number: size for number, size, _tag in self._parts(staged)}
        except FileNotFoundError:
            return self._nothing_more(staged)
        return [
            self._put(staged, number, offset, length)
            for number, (offset, length) in enumerate(slices(staged.length), start=1)
            if there.get(number) != length
        ]

    def _nothing_more(self, staged: Staged) -> list[PartRequest]:
        """Put together by another request meanwhile, or cleared away by the bucket's own rules."""
        if self._length(staged) != staged.length:
            raise StagingRefused("This upload is over: begin again.", code="upload_gone")
        return []

    def read(self, staged: Staged) -> bytes:
        """The whole file; its parts are put together first."""
        length = self._length(staged)
        if length is None and staged.remote_id:
            with suppress(FileNotFoundError):  # put together or discarded by another request
                self._put_together(staged)
            length = self._length(staged)
        if length is None:
            raise StagingRefused("The file has not arrived yet.", code="upload_incomplete")
        if length != staged.length:
            raise StagingRefused(
                f"{staged.length} bytes were announced and {length} arrived.",
                code="upload_wrong_size",
            )
        content = BytesIO()
        with aws_faults(staged.key):
            self._files.client.download_fileobj(
                self._files.bucket_name,
                self._files.key(staged.key),
                content,
                Config=self._files.transfer_config,
            )
        return content.getvalue()

    def discard(self, staged: Staged) -> None:
        """Abort the parts and delete the file."""
        if staged.remote_id:
            try:
                with aws_faults(staged.key):
                    self._files.client.abort_multipart_upload(
                        Bucket=self._files.bucket_name,
                        Key=self._files.key(staged.key),
                        UploadId=staged.remote_id,
                    )
            except FileNotFoundError:
                pass  # It was put together, or aborted before.
        self._files.delete(staged.key)

    def begun_before(self, moment: datetime) -> Iterator[Staged]:
        """Uploads in parts that are still open, whoever began them."""
        prefix = self._files.key("uploads/")
        skipped = len(prefix) - len("uploads/")
        with aws_faults(prefix):
            pages = self._files.client.get_paginator("list_multipart_uploads")
            for page in pages.paginate(Bucket=self._files.bucket_name, Prefix=prefix):
                for found in page.get("Uploads", ()):
                    if found["Initiated"] < moment:
                        yield Staged(NOBODY, found["Key"][skipped:], found["UploadId"], "", 0)

    def _form(self, staged: Staged) -> PartRequest:
        exactly = ["content-length-range", staged.length, staged.length]
        with aws_faults(staged.key):
            form = self._files.client.generate_presigned_post(
                self._files.bucket_name,
                self._files.key(staged.key),
                Fields={"Content-Type": staged.mime},
                Conditions=[exactly, {"Content-Type": staged.mime}],
                ExpiresIn=signing_seconds(self._files.client, most=SIGNED_SECONDS),
            )
        return PartRequest("POST", form["url"], 0, staged.length, fields=form["fields"])

    def _put(self, staged: Staged, number: int, offset: int, length: int) -> PartRequest:
        params = {
            "Bucket": self._files.bucket_name,
            "Key": self._files.key(staged.key),
            "UploadId": staged.remote_id,
            "PartNumber": number,
            "ContentLength": length,
        }
        with aws_faults(staged.key):
            url = self._files.client.generate_presigned_url(
                "upload_part",
                Params=params,
                ExpiresIn=signing_seconds(self._files.client, most=SIGNED_SECONDS),
            )
        return PartRequest("PUT", url, offset, length)

    def _parts(self, staged: Staged) -> list[tuple[int, int, str]]:
        """(number, size, tag) of what has arrived; at most 16 for the largest file we take."""
        with aws_faults(staged.key):
            found = self._files.client.list_parts(
                Bucket=self._files.bucket_name,
                Key=self._files.key(staged.key),
                UploadId=staged.remote_id,
            )
        return [(part["PartNumber"], part["Size"], part["ETag"]) for part in found.get("Parts", ())]

    def _put_together(self, staged: Staged) -> None:
        if self.missing(staged):
            raise StagingRefused("Parts of the file are missing.", code="upload_incomplete")
        parts: list[CompletedPartTypeDef] = [
            {"PartNumber": number, "ETag": tag} for number, _size, tag in self._parts(staged)
        ]
        with aws_faults(staged.key):
            self._files.client.complete_multipart_upload(
                Bucket=self._files.bucket_name,
                Key=self._files.key(staged.key),
                UploadId=staged.remote_id,
                MultipartUpload={"Parts": parts},
            )

    def _length(self, staged: Staged) -> int | None:
        try:
            return self._files.size(staged.key)
        except FileNotFoundError:
            return None
