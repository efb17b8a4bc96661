"""Renditions of revisions: thumbnails and previews for screens, full renders for downloads."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models.fields.files import FieldFile

from gallery.file_lifecycle import FileKeeper, delete_files_on_commit, save_files_with_rows
from gallery.files import rendition_key
from gallery.kept_canvases import kept_canvases
from gallery.models import Patch, Photo, Rendition, Revision
from gallery.photo_limits import get_stored_limits
from gallery.photo_slots import hold_photo_slot
from gallery.selectors import list_inpainters, list_patches
from gallery.storage.base import SignedUrl
from gallery.storage.signed_urls import get_cached_url
from vision import patches as vision_patches
from vision.images import FORMATS, Picture, compute_scaled_size, decode, encode, make_thumbnail
from vision.progress import Checkpoint, ignore_progress

logger = logging.getLogger(__name__)

SCREEN_SIZES = {Rendition.Kind.THUMBNAIL: 480, Rendition.Kind.PREVIEW: 1920}
SCREEN_FORMAT = "WEBP"
FALLBACK_FORMAT = "PNG"
SCREEN_QUALITY = {Rendition.Kind.THUMBNAIL: 80, Rendition.Kind.PREVIEW: 88}


@dataclass(frozen=True)
class StoredRendition:
    """A rendition with a file; `link` is None when the server itself must send the file."""

    rendition: Rendition
    link: SignedUrl | None


@dataclass(frozen=True)
class RenditionData:
    """An encoded picture that has no row yet. Sizes in pixels."""

    kind: Rendition.Kind
    format: str
    width: int
    height: int
    data: bytes


def make_screen_renditions(picture: Picture) -> list[RenditionData]:
    """Return a thumbnail and a preview of `picture`; their longer sides have 480 and 1920 px."""
    preview = make_thumbnail(picture, longest_side=SCREEN_SIZES[Rendition.Kind.PREVIEW])
    small = make_thumbnail(preview, longest_side=SCREEN_SIZES[Rendition.Kind.THUMBNAIL])
    return [
        RenditionData(
            kind=kind,
            format=SCREEN_FORMAT,
            width=view.width,
            height=view.height,
            data=encode(view, SCREEN_FORMAT, quality=SCREEN_QUALITY[kind]),
        )
        for kind, view in ((Rendition.Kind.THUMBNAIL, small), (Rendition.Kind.PREVIEW, preview))
    ]


def compute_screen_size(photo: Photo, kind: Rendition.Kind) -> tuple[int, int]:
    """Return (width, height) in pixels of a photo's thumbnail or preview.

    It is the same for all revisions of the photo.
    """
    size = photo.width, photo.height
    for step in (Rendition.Kind.PREVIEW, kind):
        size = compute_scaled_size(*size, longest_side=SCREEN_SIZES[step])
    return size


def store_renditions(renditions: Iterable[RenditionData], keeper: FileKeeper) -> list[Rendition]:
    """Store the files; returns unsaved rows without a revision.

    Call it before the transaction that saves the rows, so that no lock is held while a remote
    storage is slow.
    """
    return [
        Rendition(
            kind=item.kind,
            format=item.format,
            width=item.width,
            height=item.height,
            file=keeper.save(rendition_key(None, f"x.{FORMATS[item.format].extension}"), item.data),
        )
        for item in renditions
    ]


def add_renditions(revision: Revision, renditions: Iterable[Rendition]) -> None:
    """Save the rows for `revision`, in the caller's transaction."""
    for rendition in renditions:
        rendition.revision = revision
        rendition.save(force_insert=True)


def render_canvas(revision: Revision, *, checkpoint: Checkpoint = ignore_progress) -> Picture:
    """Return the revision at full size: the decoded original with its patches applied.

    Logs a warning when the original decodes to other pixels than at upload, because the patches
    were made for those. `checkpoint` is called before each patch. Raises OSError when a file is
    missing.
    """
    photo = revision.photo
    original = kept_canvases.take(photo.pk) or _decode_original(photo)
    rows = list_patches(revision)
    if not rows:
        return original
    # One at a time: all patches of a long history may be larger than the photo.
    patches = _iterate_patches(rows, original.mode, checkpoint)
    return original.with_pixels(vision_patches.apply(original.pixels, patches))


def _decode_original(photo: Photo) -> Picture:
    original = decode(read_file(photo.original), limits=get_stored_limits(photo))
    _warn_if_canvas_differs(photo, original)
    return original


def _iterate_patches(
    rows: list[Patch], mode: str, checkpoint: Checkpoint
) -> Iterator[vision_patches.Patch]:
    for index, row in enumerate(rows):
        checkpoint(index / len(rows))
        yield vision_patches.Patch.from_png(read_file(row.file), row.x, row.y, mode)


def read_file(file: FieldFile) -> bytes:
    """Return the bytes of a result file. Raises OSError when it is missing."""
    with file.open("rb") as handle:
        content: bytes = handle.read()
    return content


def get_screen_rendition(revision: Revision, kind: Rendition.Kind) -> StoredRendition:
    """Return the thumbnail or preview of a revision; it is made again when it is missing.

    Raises Problem (503) when the server is busy.
    """
    row = _find_row(revision, kind, SCREEN_FORMAT)
    if result := _add_link(row):
        return result
    with hold_photo_slot():
        by_kind = {item.kind: item for item in make_screen_renditions(render_canvas(revision))}
    return _save(revision, by_kind[kind], row)


def choose_writable_format(photo: Photo) -> str:
    """Return the original's format, or PNG when that format cannot be written."""
    return photo.format if FORMATS[photo.format].writable else FALLBACK_FORMAT


def get_full_rendition(
    revision: Revision, picture_format: str, *, filename: str = ""
) -> StoredRendition:
    """Return the revision at full size in a format of vision.images.FORMATS, rendered once.

    The browser saves it as `filename`. Raises Problem (503) when the server is busy, VisionError
    when the format cannot hold the picture.
    """
    return _get_or_render_full(revision, Rendition.Kind.FULL, picture_format, filename)


def render_once(
    revision: Revision,
    picture_format: str,
    *,
    longest_side: int | None,
    quality: int | None,
    states_edit: bool = False,
) -> bytes:
    """Return the bytes of the revision in a format of vision.images.FORMATS; nothing is result.

    `longest_side` in pixels: the picture is never enlarged; a reduced picture has 8 bits and its
    colour profile, but no metadata. `quality` is 1..100 for JPEG, WebP and AVIF; None is the
    quality of a full render. `states_edit`: the XMP says that the revision was edited. Raises
    Problem (503) when the server is busy, VisionError when the format cannot hold the picture.
    """
    with hold_photo_slot():
        canvas = render_canvas(revision)
        if longest_side is not None and longest_side < max(canvas.width, canvas.height):
            canvas = make_thumbnail(canvas, longest_side=longest_side)
        if states_edit:
            canvas = canvas.with_edit_stated(list_inpainters(revision), revision.created_at)
        return encode(canvas, picture_format, quality=quality)


def get_shared_rendition(revision: Revision, picture_format: str) -> StoredRendition:
    """Return the full render for visitors of a share link, without its metadata."""
    return _get_or_render_full(revision, Rendition.Kind.SHARED, picture_format)


def _get_or_render_full(
    revision: Revision, kind: Rendition.Kind, picture_format: str, filename: str = ""
) -> StoredRendition:
    row = _find_row(revision, kind, picture_format)
    if result := _add_link(row, filename):
        return result
    with hold_photo_slot():
        canvas = render_canvas(revision)
        if kind == Rendition.Kind.SHARED:
            canvas = canvas.without_metadata()
        data = encode(canvas, picture_format)
    rendition = RenditionData(kind, picture_format, canvas.width, canvas.height, data)
    return _save(revision, rendition, row, filename)


def _find_row(revision: Revision, kind: Rendition.Kind, picture_format: str) -> Rendition | None:
    return revision.renditions.filter(kind=kind, format=picture_format).first()


def _add_link(row: Rendition | None, filename: str = "") -> StoredRendition | None:
    """Return the rendition with its signed address; None without a row or without its file."""
    if row is None:
        return None
    try:
        link = get_cached_url(str(row.file.name), mime=FORMATS[row.format].mime, filename=filename)
    except FileNotFoundError:
        return None
    return StoredRendition(row, link)


def _save(
    revision: Revision, rendition: RenditionData, stale: Rendition | None, filename: str = ""
) -> StoredRendition:
    """Store the rendition, in place of the row `stale` whose file is missing.

    When two requests store the same rendition at once, the first one's is used by both.
    """
    with save_files_with_rows() as keeper:
        (row,) = store_renditions([rendition], keeper)
        with transaction.atomic():
            Photo.objects.select_for_update().get(pk=revision.photo_id)
            existing = _find_row(revision, rendition.kind, rendition.format)
            if existing is not None and existing == stale:
                delete_files_on_commit([str(stale.file.name)])
                existing.delete()
                existing = None
            if existing is None:
                add_renditions(revision, [row])
            else:
                delete_files_on_commit(keeper.names)
    result = _add_link(existing or row, filename)
    if result is None:
        raise FileNotFoundError(
            f"The {rendition.kind} of revision {revision.pk} was deleted immediately"
        )
    return result


def _warn_if_canvas_differs(photo: Photo, original: Picture) -> None:
    if original.compute_canvas_sha256() != photo.canvas_sha256:
        logger.warning(
            "Photo %s decodes to other pixels with %s than at upload with %s",
            photo.pk,
            original.decoder,
            photo.decoder,
        )
