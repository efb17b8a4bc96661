"""Files as answers: pictures for the screen and downloads, neither of which a browser may run.

A file in a bucket is answered by a redirect to its signed address; the policy has been asked
before, and is asked again when that address is over.
"""

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpRequest, HttpResponseBase, HttpResponseRedirect

from gallery.answers import HARDENING, picture, safe_filename
from gallery.storage.base import SignedUrl
from gallery.storage.links import link_to


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
        answer = _elsewhere(link)
        # A full render may be cleared away while a browser would still go to its address.
        answer.headers["Cache-Control"] = "private, no-store"
        return answer
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
