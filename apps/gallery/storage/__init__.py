"""File storage: a private folder or a private bucket, behind one protocol."""

from gallery.storage.base import (
    FileStore,
    PartRequest,
    SignedUrl,
    Staged,
    Staging,
    StagingRefused,
    StoredFile,
    file_store,
)

__all__ = [
    "FileStore",
    "PartRequest",
    "SignedUrl",
    "Staged",
    "Staging",
    "StagingRefused",
    "StoredFile",
    "file_store",
]
