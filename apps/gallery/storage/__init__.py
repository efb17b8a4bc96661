"""File storage: a private folder or a private bucket, behind one protocol."""

from gallery.storage.base import (
    FileStore,
    PartRequest,
    SignedUrl,
    StagedUpload,
    Staging,
    StagingRefused,
    StoredFile,
    get_file_store,
)

__all__ = [
    "FileStore",
    "PartRequest",
    "SignedUrl",
    "StagedUpload",
    "Staging",
    "StagingRefused",
    "StoredFile",
    "get_file_store",
]
