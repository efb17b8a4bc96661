"""Files as answers: pictures for the screen and downloads, neither of which a browser may run.

A file in a bucket is answered by a redirect to its signed address; the policy has been asked
before, and is asked again when that address is over.
"""

from collections.abc import Callable, Iterable
from typing import Final

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils.cache import get_conditional_response

from gallery.storage.base import SignedUrl
from gallery.storage.links import link_to

HARDENING: Final = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
NOT_IN_FILENAMES = '/\\:*?"<>|'


def picture(
    request: HttpRequest, opened: Callable[[], Iterable[bytes]], *, mime: str, etag: str
) -> HttpResponseBase:
    """A picture for the screen, kept by the browser for an hour; 304 where it has it already."""
    headers = {**HARDENING, "Cache-Control": "private, max-age=3600", "ETag": f'"{etag}"'}
    answer: HttpResponseBase | None = get_conditional_response(request, etag=headers["ETag"])
    answer = answer or FileResponse(opened(), content_type=mime)
    for name, value in headers.items():
        answer.headers[name] = value
    return answer


def stored_picture(
    request: HttpRequest, file: FieldFile, link: SignedUrl | None, *, mime: str, etag: str
) -> HttpResponseBase:
    """Like `picture`, of a stored file, or the way to it."""
    if link is not None:
        return _elsewhere(link)
    return picture(request, lambda: file.open("rb"), mime=mime, etag=etag)


def download(
    file: FieldFile, *, mime: str, filename: str, link: SignedUrl | None = None
) -> HttpResponseBase:
    """A stored file to keep, under a name that every system takes, or the way to it.

    Raises FileNotFoundError when the file is gone.
    """
    link = link or link_to(str(file.name), mime=mime, filename=safe_filename(filename))
    if link is not None:
        return _elsewhere(link)
    return FileResponse(
        file.open("rb"),
        as_attachment=True,
        filename=safe_filename(filename),
        content_type=mime,
        headers=HARDENING,
    )


def _elsewhere(link: SignedUrl) -> HttpResponseBase:
    """Kept by the browser for as long as the same address would be given out again."""
    answer = HttpResponseRedirect(link.url)
    answer.headers["Cache-Control"] = f"private, max-age={link.seconds}"
    return answer


def safe_filename(name: str) -> str:
    """Without control characters, and without what some system refuses in a name."""
    kept = (
        " " if letter in NOT_IN_FILENAMES or not letter.isprintable() else letter for letter in name
    )
    return "".join(kept).strip(" .") or "photo"
