"""Database reads of albums, photos, revisions, uploads and share links."""

import uuid
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

from django.core.exceptions import ObjectDoesNotExist
from django.core.signing import BadSignature
from django.db.models import Case, Count, F, Model, OuterRef, Q, QuerySet, Subquery, When
from django.utils import timezone

from accounts.models import User
from gallery import policies
from gallery.models import (
    Album,
    AlbumMember,
    Patch,
    Photo,
    Rendition,
    Revision,
    Role,
    ShareLink,
    Upload,
)
from gallery.share_tokens import link_id_in
from web.errors import NotThere


def albums_of(user: User) -> QuerySet[Album]:
    """Return the albums of `user` without temporary ones, each with `role` and `photo_count`."""
    return _select_albums(user).filter(expires_at=None)


def _select_albums(user: User) -> QuerySet[Album]:
    return (
        policies.albums_visible_to(user)
        .annotate(role=F("memberships__role"), photo_count=Count("photos", distinct=True))
        .order_by("-created_at", "id")
    )


def album_for(user: User, album_id: uuid.UUID | str) -> Album:
    """Return the album with `role` and `photo_count`; raises NotThere for non-members."""
    return one_by_id(_select_albums(user), album_id, "album")


def lasting_album_for(user: User, album_id: uuid.UUID | str) -> Album:
    """Return an album that photos may be added to; raises NotThere for a temporary album too."""
    return one_by_id(albums_of(user), album_id, "album")


def photos_of(user: User, album: Album | None = None) -> QuerySet[Photo]:
    """Return the photos of `album`, or of all albums of `user` except temporary ones.

    Newest first, each with the user's `role`.
    """
    photos = photos_seen_by(user)
    return photos.filter(album__expires_at=None) if album is None else photos.filter(album=album)


def photos_seen_by(user: User) -> QuerySet[Photo]:
    """Return all photos that `user` may see, also in temporary albums, each with the `role`."""
    role = AlbumMember.objects.filter(album=OuterRef("album"), user=user).values("role")[:1]
    photos = policies.visible_to(user).select_related("album", "current", "tip")
    return photos.annotate(role=Subquery(role)).order_by("-created_at", "id")


def photo_for(user: User, photo_id: uuid.UUID | str) -> Photo:
    """Return the photo with the user's `role`; raises NotThere for non-members."""
    return one_by_id(photos_seen_by(user), photo_id, "photo")


def revision_for(user: User, revision_id: uuid.UUID | str) -> Revision:
    """Return the revision; raises NotThere for non-members."""
    revisions = policies.revisions_visible_to(user).select_related("photo__album", "parent")
    return one_by_id(revisions, revision_id, "revision")


def uploads_open(user: User) -> QuerySet[Upload]:
    """Return the user's direct uploads that can still receive data, also discarded ones."""
    uploads = policies.uploads_visible_to(user)
    return uploads.filter(photo=None, expires_at__gt=timezone.now())


def uploads_unfinished(user: User) -> QuerySet[Upload]:
    """Return the user's direct uploads that can still become photos, newest first."""
    uploads = policies.uploads_visible_to(user)
    return uploads.filter(ended_at=None, expires_at__gt=timezone.now()).order_by(
        "-created_at", "id"
    )


def upload_for(user: User, upload_id: uuid.UUID | str) -> Upload:
    """Return the direct upload; raises NotThere for all users but the one who began it."""
    is_discarded = Q(photo=None, ended_at__isnull=False)
    uploads = policies.uploads_visible_to(user).exclude(is_discarded).select_related("album")
    return one_by_id(uploads, upload_id, "upload")


def member_for(user: User, album_id: uuid.UUID | str, member_id: uuid.UUID | str) -> AlbumMember:
    """Return a membership in an album that `user` may see; raises NotThere otherwise."""
    members = AlbumMember.objects.filter(album__in=policies.albums_visible_to(user))
    return one_by_id(
        members.filter(album_id=album_id).select_related("album", "user"), member_id, "member"
    )


def members_of(album: Album) -> QuerySet[AlbumMember]:
    """Return the album's members: the owner first (`role_rank` 0), then by e-mail address."""
    owner_first = Case(When(role=Role.OWNER, then=0), default=1)
    members = album.memberships.select_related("user").annotate(role_rank=owner_first)
    return members.order_by("role_rank", "user__email")


def share_links_of(album: Album) -> QuerySet[ShareLink]:
    """Return the valid share links of the album, newest first."""
    return policies.share_links_open().filter(album=album).order_by("-created_at", "id")


def share_link_for(user: User, link_id: uuid.UUID | str) -> ShareLink:
    """Return the share link while it is valid; raises NotThere for non-members of its album."""
    links = policies.share_links_visible_to(user).select_related("album")
    return one_by_id(links, link_id, "share link")


def shared_by(token: str) -> ShareLink:
    """Return the valid share link of `token`; raises NotThere without giving a reason."""
    try:
        return policies.share_links_open().select_related("album").get(pk=link_id_in(token))
    except (BadSignature, ObjectDoesNotExist):
        raise NotThere("page") from None


def shared_photos(link: ShareLink) -> QuerySet[Photo]:
    """Return the photos that the link shows, newest first."""
    photos = Photo.objects.filter(album=link.album_id, current__isnull=False)
    if link.photo_id is not None:
        photos = photos.filter(pk=link.photo_id)
    return photos.order_by("-created_at", "id")


def shared_photo(link: ShareLink, photo_id: uuid.UUID) -> Photo:
    """Return one of the photos that the link shows; raises NotThere for all others."""
    return one_by_id(shared_photos(link), photo_id, "photo")


def shared_revision(link: ShareLink, photo_id: uuid.UUID) -> Revision:
    """Return the current revision of a photo that the link shows; raises NotThere for others."""
    revisions = Revision.objects.filter(photo__current=F("pk"), photo__in=shared_photos(link))
    revision = revisions.select_related("photo").filter(photo=photo_id).first()
    if revision is None:
        raise NotThere("photo")
    return revision


def revisions_of(photo: Photo) -> QuerySet[Revision]:
    """Return the revisions of a photo, newest first."""
    return Revision.objects.filter(photo=photo).select_related("photo").order_by("-number")


@dataclass(frozen=True)
class HistoryShape:
    """The tree of a photo's revisions, by their ids.

    Attributes:
        children: the revisions that were made from each revision, in order.
        line: the revisions from the original to the tip; undo and redo move along them.
    """

    children: Mapping[uuid.UUID, Sequence[uuid.UUID]]
    line: Set[uuid.UUID]


def history_shape(photo: Photo) -> HistoryShape:
    """Return the tree of the photo's revisions, in one query."""
    revisions = Revision.objects.filter(photo=photo).order_by("number")
    parents = dict(revisions.values_list("pk", "parent_id"))
    children: dict[uuid.UUID, list[uuid.UUID]] = {key: [] for key in parents}
    for key, parent in parents.items():
        if parent is not None:
            children[parent].append(key)
    line = set()
    step = photo.tip_id
    while step is not None:
        line.add(step)
        step = parents[step]
    return HistoryShape(children, line)


def lineage(revision: Revision) -> list[Revision]:
    """Return the revisions from the original to `revision`, in one query."""
    by_id = {row.pk: row for row in Revision.objects.filter(photo_id=revision.photo_id)}
    line = [revision]
    while line[-1].parent_id is not None:
        line.append(by_id[line[-1].parent_id])
    return line[::-1]


def ancestor_ids(revision: Revision) -> set[uuid.UUID]:
    """Return the ids of `revision` and of all revisions that it was made from."""
    return {ancestor.pk for ancestor in lineage(revision)}


def redo_target(photo: Photo) -> Revision | None:
    """Return the next revision from the current one to the tip; None when there is none."""
    if photo.tip is None or photo.current_id in (None, photo.tip_id):
        return None
    line = lineage(photo.tip)
    for revision, successor in pairwise(line):
        if revision.pk == photo.current_id:
            return successor
    return None


def patches_of(revision: Revision) -> list[Patch]:
    """Return all patches from the original to `revision`, in the order they are applied."""
    order = {ancestor.pk: index for index, ancestor in enumerate(lineage(revision))}
    patches = Patch.objects.filter(revision_id__in=order)
    return sorted(patches, key=lambda patch: (order[patch.revision_id], patch.index))


def files_of_photos(photos: Q) -> list[str]:
    """Return the names of all stored files of the photos that match the condition."""
    return list(_iterate_file_names(Photo.objects.filter(photos)))


def _iterate_file_names(photos: QuerySet[Photo]) -> Iterator[str]:
    yield from photos.values_list("original", flat=True)
    yield from Patch.objects.filter(revision__photo__in=photos).values_list("file", flat=True)
    yield from Rendition.objects.filter(revision__photo__in=photos).values_list("file", flat=True)
    yield from photos.exclude(masks=None).values_list("masks__file", flat=True)


def one_by_id[Row: Model](rows: QuerySet[Row], key: uuid.UUID | str, what: str) -> Row:
    """Return the row with this id; raises NotThere when there is none or `key` is not a UUID."""
    try:
        return rows.get(pk=uuid.UUID(str(key)))
    except (ValueError, ObjectDoesNotExist):
        raise NotThere(what) from None
