"""Files in a local folder that only this program's user can read."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.core.files.storage import FileSystemStorage
from django.utils.functional import cached_property

from config.folders import require_writable
from gallery.storage.base import SignedUrl, StagedUpload, StoredFile
from gallery.storage.local_staging import LocalStaging


class LocalFiles(FileSystemStorage):
    """Storage in a local folder. The server sends the files, so there are no signed addresses."""

    has_signed_urls = False

    @cached_property
    def staging(self) -> LocalStaging:
        """Receiver of direct uploads."""
        return LocalStaging(self)

    def build_signed_url(self, name: str, *, mime: str, filename: str) -> SignedUrl | None:  # noqa: ARG002
        """Return None: files in a folder have no addresses."""
        return None

    def walk(self, prefix: str) -> Iterator[StoredFile]:
        """Yield all files below the prefix; a file that is deleted in the meantime is skipped."""
        root = Path(self.base_location)
        for folder, _folders, names in os.walk(root / prefix):
            for name in names:
                path = Path(folder) / name
                try:
                    timestamp = path.stat().st_mtime
                except FileNotFoundError:
                    continue
                relative = path.relative_to(root).as_posix()
                yield StoredFile(relative, datetime.fromtimestamp(timestamp, UTC))

    def list_abandoned_uploads(self, before: datetime) -> Iterator[StagedUpload]:  # noqa: ARG002
        """Return nothing: parts are files here, and `walk` finds them."""
        return iter(())

    def check_reachable(self) -> None:
        """Raise OSError when files cannot be created in the folder."""
        require_writable(Path(self.base_location))
