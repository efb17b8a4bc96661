"""Direct uploads to S3: a presigned form for a small file, presigned parts for a large one."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING
from uuid import UUID

from gallery.storage.aws_errors import translate_aws_errors
from gallery.storage.base import (
    PART_BYTES,
    PartRequest,
    StagedUpload,
    StagingRefused,
    split_into_parts,
)
from gallery.storage.lifetime import choose_signing_seconds

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

    from gallery.storage.bucket import BucketFiles

SIGNED_SECONDS = 3600
UNKNOWN_ID = UUID(int=0)


class BucketStaging:
    """Direct uploads that S3 receives; the signatures contain the announced length and type."""

    def __init__(self, files: "BucketFiles") -> None:
        self._files = files

    def begin(self, key: str, *, mime: str, length: int) -> str:
        """Begin a multipart upload; returns "" for a file of one part, which needs none."""
        if length <= PART_BYTES:
            return ""
        with translate_aws_errors(key):
            response = self._files.client.create_multipart_upload(
                Bucket=self._files.bucket_name, Key=self._files.build_key(key), ContentType=mime
            )
        return response["UploadId"]

    def list_missing(self, upload: StagedUpload) -> list[PartRequest]:
        """Return a form for a small file, or a PUT for each missing part of a large file."""
        if self._get_length(upload) == upload.length:
            return []
        if not upload.remote_id:
            return [self._build_form(upload)]
        try:
            sizes = {number: size for number, size, _tag in self._list_parts(upload)}
        except FileNotFoundError:
            return self._check_complete(upload)
        return [
            self._build_put(upload, number, offset, length)
            for number, (offset, length) in enumerate(split_into_parts(upload.length), start=1)
            if sizes.get(number) != length
        ]

    def _check_complete(self, upload: StagedUpload) -> list[PartRequest]:
        """Return no requests when another request has assembled the file in the meantime.

        Raises StagingRefused when the parts were deleted, for example by a rule of the bucket.
        """
        if self._get_length(upload) != upload.length:
            raise StagingRefused("This upload is over: begin again.", code="upload_gone")
        return []

    def read(self, upload: StagedUpload) -> bytes:
        """Return the whole file; its parts are assembled first."""
        length = self._get_length(upload)
        if length is None and upload.remote_id:
            with suppress(FileNotFoundError):  # assembled or discarded by another request
                self._assemble(upload)
            length = self._get_length(upload)
        if length is None:
            raise StagingRefused("The file has not arrived yet.", code="upload_incomplete")
        if length != upload.length:
            raise StagingRefused(
                f"{upload.length} bytes were announced and {length} arrived.",
                code="upload_wrong_size",
            )
        content = BytesIO()
        with translate_aws_errors(upload.key):
            self._files.client.download_fileobj(
                self._files.bucket_name,
                self._files.build_key(upload.key),
                content,
                Config=self._files.transfer_config,
            )
        return content.getvalue()

    def discard(self, upload: StagedUpload) -> None:
        """Abort the parts and delete the file."""
        if upload.remote_id:
            try:
                with translate_aws_errors(upload.key):
                    self._files.client.abort_multipart_upload(
                        Bucket=self._files.bucket_name,
                        Key=self._files.build_key(upload.key),
                        UploadId=upload.remote_id,
                    )
            except FileNotFoundError:
                pass  # It was assembled or aborted before.
        self._files.delete(upload.key)

    def list_begun_before(self, moment: datetime) -> Iterator[StagedUpload]:
        """Yield unfinished multipart uploads that began before `moment`, with or without a row."""
        prefix = self._files.build_key("uploads/")
        root_length = len(prefix) - len("uploads/")
        with translate_aws_errors(prefix):
            pages = self._files.client.get_paginator("list_multipart_uploads")
            for page in pages.paginate(Bucket=self._files.bucket_name, Prefix=prefix):
                for entry in page.get("Uploads", ()):
                    if entry["Initiated"] < moment:
                        key = entry["Key"][root_length:]
                        yield StagedUpload(UNKNOWN_ID, key, entry["UploadId"], "", 0)

    def _build_form(self, upload: StagedUpload) -> PartRequest:
        exact_length = ["content-length-range", upload.length, upload.length]
        with translate_aws_errors(upload.key):
            form = self._files.client.generate_presigned_post(
                self._files.bucket_name,
                self._files.build_key(upload.key),
                Fields={"Content-Type": upload.mime},
                Conditions=[exact_length, {"Content-Type": upload.mime}],
                ExpiresIn=choose_signing_seconds(self._files.client, most=SIGNED_SECONDS),
            )
        return PartRequest("POST", form["url"], 0, upload.length, fields=form["fields"])

    def _build_put(
        self, upload: StagedUpload, number: int, offset: int, length: int
    ) -> PartRequest:
        params = {
            "Bucket": self._files.bucket_name,
            "Key": self._files.build_key(upload.key),
            "UploadId": upload.remote_id,
            "PartNumber": number,
            "ContentLength": length,
        }
        with translate_aws_errors(upload.key):
            url = self._files.client.generate_presigned_url(
                "upload_part",
                Params=params,
                ExpiresIn=choose_signing_seconds(self._files.client, most=SIGNED_SECONDS),
            )
        return PartRequest("PUT", url, offset, length)

    def _list_parts(self, upload: StagedUpload) -> list[tuple[int, int, str]]:
        """Return (number, size, entity tag) of the parts; at most 16 for the largest file."""
        with translate_aws_errors(upload.key):
            response = self._files.client.list_parts(
                Bucket=self._files.bucket_name,
                Key=self._files.build_key(upload.key),
                UploadId=upload.remote_id,
            )
        return [
            (part["PartNumber"], part["Size"], part["ETag"]) for part in response.get("Parts", ())
        ]

    def _assemble(self, upload: StagedUpload) -> None:
        if self.list_missing(upload):
            raise StagingRefused("Parts of the file are missing.", code="upload_incomplete")
        parts: list[CompletedPartTypeDef] = [
            {"PartNumber": number, "ETag": tag} for number, _size, tag in self._list_parts(upload)
        ]
        with translate_aws_errors(upload.key):
            self._files.client.complete_multipart_upload(
                Bucket=self._files.bucket_name,
                Key=self._files.build_key(upload.key),
                UploadId=upload.remote_id,
                MultipartUpload={"Parts": parts},
            )

    def _get_length(self, upload: StagedUpload) -> int | None:
        try:
            return self._files.size(upload.key)
        except FileNotFoundError:
            return None
