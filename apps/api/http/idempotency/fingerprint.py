"""Whether two requests are the same: one digest of everything that they ask for."""

import hashlib
import json
from collections.abc import Iterator

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from rest_framework.request import Request


def fingerprint(request: Request) -> str:
    """SHA-256 of method, address and body, in hexadecimal digits; headers do not count.

    JSON counts by its value, a form by its fields and by the bytes of its files, which are read
    piece by piece and wound back. Raises what reading the body raises.
    """
    digest = hashlib.sha256()
    for piece in _pieces(request):
        digest.update(len(piece).to_bytes(8))
        digest.update(piece)
    return digest.hexdigest()


def _pieces(request: Request) -> Iterator[bytes]:
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
            yield from _of_file(value) if isinstance(value, UploadedFile) else [str(value).encode()]


def _of_file(file: "UploadedFile[bytes]") -> Iterator[bytes]:
    yield f"{file.name}\n{file.content_type}\n{file.size}".encode()
    yield from file.chunks()
    file.seek(0)
