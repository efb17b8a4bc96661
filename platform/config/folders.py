"""Folders that we write into."""

import os
from pathlib import Path


def require_writable(folder: Path) -> None:
    """Raise OSError unless files can be made in the folder, which may not exist yet."""
    there = folder
    while not there.exists():
        there = there.parent
    if not os.access(there, os.W_OK | os.X_OK):
        raise PermissionError(f"{there} cannot be written to")
