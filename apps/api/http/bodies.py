"""Bodies of requests: their size, their encoding, and chunks without a length (RFC 9112, 7.1)."""

from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO, cast

from django.http import HttpRequest, UnreadablePostError

from web.errors import Fault, Problem

CHUNK = 2**16
MEMORY_BYTES = 2**20


def prepare_body(request: HttpRequest, limit: int) -> None:
    """Refuse a body that is encoded or has more than `limit` bytes; give a length to a chunked one.

    Nothing reads a body with a Content-Length here: a WSGI server reads no more than that. Raises
    Problem (411, 413, 415), and UnreadablePostError for chunks that are cut off.
    """
    _refuse_encoding(request)
    if "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower():
        _receive_chunks(request, limit)
        return
    try:
        announced = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        announced = 0
    if announced > limit:
        raise _build_too_large(limit, {"bytes": announced})


def _refuse_encoding(request: HttpRequest) -> None:
    """Refuse gzip and the like: photos are compressed already, and JSON is small.

    A decoder would have to be guarded against bodies that grow without an end.
    """
    for name in ("Content-Encoding", "Transfer-Encoding"):
        codings = {coding.strip().lower() for coding in request.headers.get(name, "").split(",")}
        if codings - {"", "identity"} - ({"chunked"} if name == "Transfer-Encoding" else set()):
            message = f"Send the body as it is: {name} must not compress it."
            fault = Fault(message, (name,), "header", expected=["identity"])
            raise Problem(
                message,
                code="unsupported_encoding",
                faults=[fault],
                headers={"Accept-Encoding": "identity"},
            )


def _receive_chunks(request: HttpRequest, limit: int) -> None:
    """Read the whole body, up to the limit, and let the request read it from there.

    Django reads a body without Content-Length as empty, even where the server marks its end.
    """
    if not request.META.get("wsgi.input_terminated"):
        raise Problem("Send the body with a Content-Length, not in chunks.", code="length_required")
    body = cast(BinaryIO, SpooledTemporaryFile(max_size=MEMORY_BYTES))  # noqa: SIM115
    size = 0
    while chunk := _read_chunk(request.META["wsgi.input"]):
        size += len(chunk)
        if size > limit:
            body.close()
            raise _build_too_large(limit, None)
        body.write(chunk)
    body.seek(0)
    request.META["CONTENT_LENGTH"] = str(size)
    request._stream = body  # noqa: SLF001 -- as WSGIRequest does


def _read_chunk(stream: IO[bytes]) -> bytes:
    try:
        return stream.read(CHUNK)
    except Exception as error:  # each server has exceptions of its own
        raise UnreadablePostError(str(error)) from error


def _build_too_large(limit: int, received: object) -> Problem:
    message = f"The request is larger than the {limit // 2**20} MB that this address takes."
    fault = Fault(message, expected={"max_bytes": limit}, received=received)
    return Problem(message, code="too_large", faults=[fault])
