"""Where files are kept: a private folder or a private bucket, behind the same few verbs."""

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
