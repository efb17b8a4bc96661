"""Pictures of revisions: thumbnails and previews for screens, full renders for downloads."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models.fields.files import FieldFile

from gallery.files import rendition_key
from gallery.keeping import FileKeeper, delete_files_on_commit, files_with_rows
from gallery.models import Patch, Photo, Rendition, Revision
from gallery.photo_slots import whole_photo
from gallery.selectors import patches_of
from gallery.storage.base import SignedUrl
from gallery.storage.links import link_to
from vision import patches as vision_patches
from vision.images import FORMATS, Picture, decode, encode, scaled_size, thumbnail
from vision.progress import Checkpoint, unwatched

logger = logging.getLogger(__name__)

SCREEN_SIZES = {Rendition.Kind.THUMBNAIL: 480, Rendition.Kind.PREVIEW: 1920}
SCREEN_FORMAT = "WEBP"
INSTEAD = "PNG"
SCREEN_QUALITY = {Rendition.Kind.THUMBNAIL: 80, Rendition.Kind.PREVIEW: 88}


@dataclass(frozen=True)
class Stored:
    """A rendition that is there, and where to fetch it unless the server hands it over."""

    rendition: Rendition
    link: SignedUrl | None


@dataclass(frozen=True)
class RenditionData:
    """An encoded picture that has no row yet."""

    kind: Rendition.Kind
    format: str
    width: int
    height: int
    data: bytes


def make_screen_renditions(picture: Picture) -> list[RenditionData]:
    """A thumbnail (480 px) and a preview (1920 px) of `picture`."""
    preview = thumbnail(picture, longest_side=SCREEN_SIZES[Rendition.Kind.PREVIEW])
    small = thumbnail(preview, longest_side=SCREEN_SIZES[Rendition.Kind.THUMBNAIL])
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


def screen_size(photo: Photo, kind: Rendition.Kind) -> tuple[int, int]:
    """(width, height) of a photo's thumbnail or preview, in pixels: all its states have one."""
    size = photo.width, photo.height
    for step in (Rendition.Kind.PREVIEW, kind):
        size = scaled_size(*size, longest_side=SCREEN_SIZES[step])
    return size


def store_renditions(renditions: Iterable[RenditionData], keeper: FileKeeper) -> list[Rendition]:
    """Store the files; returns rows that no revision has yet.

    Called before the transaction that makes the rows: a storage far away must not hold its locks.
    """
    return [
        Rendition(
            kind=made.kind,
            format=made.format,
            width=made.width,
            height=made.height,
            file=keeper.save(rendition_key(None, f"x.{FORMATS[made.format].extension}"), made.data),
        )
        for made in renditions
    ]


def add_renditions(revision: Revision, renditions: Iterable[Rendition]) -> None:
    """Make the rows of what was stored, in the caller's transaction."""
    for rendition in renditions:
        rendition.revision = revision
        rendition.save(force_insert=True)


def canvas_of(revision: Revision, *, checkpoint: Checkpoint = unwatched) -> Picture:
    """The revision's pixels at full size: the decoded original with its patches laid on.

    A decoder that reads the original otherwise than at upload is logged, because the patches
    were made for other pixels. `checkpoint` is called between the patches.
    """
    photo = revision.photo
    original = decode(read_file(photo.original))
    _warn_if_canvas_differs(photo, original)
    rows = patches_of(revision)
    if not rows:
        return original
    # One at a time: a long history's patches together may be larger than the photo.
    line = _patches(rows, original.mode, checkpoint)
    return original.with_pixels(vision_patches.apply(original.pixels, line))


def _patches(
    rows: list[Patch], mode: str, checkpoint: Checkpoint
) -> Iterator[vision_patches.Patch]:
    for place, row in enumerate(rows):
        checkpoint(place / len(rows))
        yield vision_patches.Patch.from_png(read_file(row.file), row.x, row.y, mode)


def read_file(file: FieldFile) -> bytes:
    """The whole stored file. Raises OSError when it is gone."""
    with file.open("rb") as handle:
        content: bytes = handle.read()
    return content


def screen_rendition(revision: Revision, kind: Rendition.Kind) -> Stored:
    """The thumbnail or preview of a revision, made anew where it is missing."""
    found = _row(revision, kind, SCREEN_FORMAT)
    if stored := _stored(found):
        return stored
    with whole_photo():
        made = {item.kind: item for item in make_screen_renditions(canvas_of(revision))}
    return _keep(revision, made[kind], found)


def writable_format(photo: Photo) -> str:
    """The original's format; PNG where we can't write that."""
    return photo.format if FORMATS[photo.format].writable else INSTEAD


def full_rendition(revision: Revision, picture_format: str, *, filename: str = "") -> Stored:
    """The revision at full size in a format of vision.images.FORMATS, made once.

    `filename` is what it is called where it is kept.
    """
    return _full(revision, Rendition.Kind.FULL, picture_format, filename)


def fresh_render(
    revision: Revision, picture_format: str, *, longest_side: int | None, quality: int | None
) -> bytes:
    """The revision in a format of vision.images.FORMATS, made for this once and not kept.

    `longest_side` in pixels: never enlarged; what is made smaller has 8 bits, its colour profile,
    but no EXIF. `quality` 1..100 for JPEG, WebP and AVIF; None is what a full render has. Raises
    Problem (503) when the server is busy, VisionError when the format can't hold it.
    """
    with whole_photo():
        canvas = canvas_of(revision)
        if longest_side is not None and longest_side < max(canvas.width, canvas.height):
            canvas = thumbnail(canvas, longest_side=longest_side)
        return encode(canvas, picture_format, quality=quality)


def shared_rendition(revision: Revision, picture_format: str) -> Stored:
    """Like `full_rendition`, for strangers: without what the camera wrote into the file."""
    return _full(revision, Rendition.Kind.SHARED, picture_format)


def _full(
    revision: Revision, kind: Rendition.Kind, picture_format: str, filename: str = ""
) -> Stored:
    found = _row(revision, kind, picture_format)
    if stored := _stored(found, filename):
        return stored
    with whole_photo():
        canvas = canvas_of(revision)
        if kind == Rendition.Kind.SHARED:
            canvas = replace(canvas, exif=None)
        data = encode(canvas, picture_format)
    made = RenditionData(kind, picture_format, canvas.width, canvas.height, data)
    return _keep(revision, made, found, filename)


def _row(revision: Revision, kind: Rendition.Kind, picture_format: str) -> Rendition | None:
    return revision.renditions.filter(kind=kind, format=picture_format).first()


def _stored(found: Rendition | None, filename: str = "") -> Stored | None:
    """With the way to it; None where there is no row, or its file is gone."""
    if found is None:
        return None
    try:
        link = link_to(str(found.file.name), mime=FORMATS[found.format].mime, filename=filename)
    except FileNotFoundError:
        return None
    return Stored(found, link)


def _keep(
    revision: Revision, made: RenditionData, lost: Rendition | None, filename: str = ""
) -> Stored:
    """In place of the row whose file was lost. Of two requests at once the first one's is kept."""
    with files_with_rows() as keeper:
        (row,) = store_renditions([made], keeper)
        with transaction.atomic():
            Photo.objects.select_for_update().get(pk=revision.photo_id)
            there = _row(revision, made.kind, made.format)
            if there is not None and there == lost:
                delete_files_on_commit([str(lost.file.name)])
                there.delete()
                there = None
            if there is None:
                add_renditions(revision, [row])
            else:
                delete_files_on_commit(keeper.names)
    kept = _stored(there or row, filename)
    if kept is None:
        raise FileNotFoundError(f"The {made.kind} of revision {revision.pk} was deleted at once")
    return kept


def _warn_if_canvas_differs(photo: Photo, original: Picture) -> None:
    if original.compute_canvas_sha256() != photo.canvas_sha256:
        logger.warning(
            "Photo %s decodes to other pixels with %s than with %s at upload",
            photo.pk,
            original.decoder,
            photo.decoder,
        )
