"""Files in a folder of this machine, readable by nobody else."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.core.files.storage import FileSystemStorage
from django.utils.functional import cached_property

from config.folders import require_writable
from gallery.storage.base import SignedUrl, Staged, StoredFile
from gallery.storage.local_staging import LocalStaging


class LocalFiles(FileSystemStorage):
    """The server hands files over itself, so there are no signed addresses."""

    signs = False

    @cached_property
    def staging(self) -> LocalStaging:
        """Where direct uploads are put together."""
        return LocalStaging(self)

    def signed_url(self, name: str, *, mime: str, filename: str) -> SignedUrl | None:  # noqa: ARG002
        """None: a folder has no addresses."""
        return None

    def walk(self, prefix: str) -> Iterator[StoredFile]:
        """Every file below the prefix; one that goes meanwhile is left out."""
        root = Path(self.base_location)
        for folder, _folders, names in os.walk(root / prefix):
            for name in names:
                path = Path(folder) / name
                try:
                    changed = path.stat().st_mtime
                except FileNotFoundError:
                    continue
                relative = path.relative_to(root).as_posix()
                yield StoredFile(relative, datetime.fromtimestamp(changed, UTC))

    def abandoned_parts(self, before: datetime) -> Iterator[Staged]:  # noqa: ARG002
        """None: parts are files here, and `walk` finds them."""
        return iter(())

    def is_reachable(self) -> None:
        """Whether the folder, or the one that it will be made in, can be written to."""
        require_writable(Path(self.base_location))
