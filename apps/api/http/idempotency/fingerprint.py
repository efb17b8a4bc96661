"""Comparing two requests: one digest of method, URL and body."""

import hashlib
import json
from collections.abc import Iterator

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from rest_framework.request import Request


def compute_fingerprint(request: Request) -> str:
    """Return the SHA-256 of method, URL and body, in hexadecimal digits; headers do not count.

    JSON counts by its value, a form by its fields and by the bytes of its files, which are read
    in chunks and rewound. Raises what reading the body raises.
    """
    digest = hashlib.sha256()
    for piece in _read_pieces(request):
        digest.update(len(piece).to_bytes(8))
        digest.update(piece)
    return digest.hexdigest()


def _read_pieces(request: Request) -> Iterator[bytes]:
    yield str(request.method).encode()
    yield request.get_full_path().encode()
    data = request.data
    if not isinstance(data, QueryDict):
        yield json.dumps(data, sort_keys=True).encode()
        return
    for name in sorted(data):
        values = data.getlist(name)
        yield name.encode()
        yield str(len(values)).encode()
        for value in values:
            yield from (
                _read_file(value) if isinstance(value, UploadedFile) else [str(value).encode()]
            )


def _read_file(file: "UploadedFile[bytes]") -> Iterator[bytes]:
    yield f"{file.name}\n{file.content_type}\n{file.size}".encode()
    yield from file.chunks()
    file.seek(0)
