"""The folders that we write into, and the secret key that a laptop stores in its data folder."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path


def require_writable(folder: Path) -> None:
    """Raise OSError unless files can be created in the folder, which may not exist yet."""
    existing = folder
    while not existing.exists():
        existing = existing.parent
    if not os.access(existing, os.W_OK | os.X_OK):
        raise PermissionError(f"{existing} is not writable")


def load_secret_key(file: Path) -> str:
    """Return the key in `file`, which is created where it is missing.

    Several processes may start at the same time: all of them get the same key.
    """
    if not file.exists():
        descriptor, draft = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
        with os.fdopen(descriptor, "w") as handle:
            handle.write(secrets.token_urlsafe(64))
        # A hard link appears complete or not at all, and never replaces another process's key.
        with suppress(FileExistsError):
            os.link(draft, file)
        Path(draft).unlink()
    return file.read_text().strip()
