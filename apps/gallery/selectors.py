"""Database reads of albums, photos, revisions, uploads and share links."""

import uuid
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

from django.core.exceptions import ObjectDoesNotExist
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
from web.errors import NotThere


def list_albums(user: User) -> QuerySet[Album]:
    """Return the albums of `user` without temporary ones, each with `role` and `photo_count`."""
    return _select_albums(user).filter(expires_at=None)


def _select_albums(user: User) -> QuerySet[Album]:
    return (
        policies.select_visible_albums(user)
        .annotate(role=F("memberships__role"), photo_count=Count("photos", distinct=True))
        .order_by("-created_at", "id")
    )


def get_album(user: User, album_id: uuid.UUID | str) -> Album:
    """Return the album with `role` and `photo_count`; raises NotThere for non-members."""
    return get_by_id(_select_albums(user), album_id, "album")


def get_permanent_album(user: User, album_id: uuid.UUID | str) -> Album:
    """Return an album that photos may be added to; raises NotThere for a temporary album too."""
    return get_by_id(list_albums(user), album_id, "album")


def list_photos(user: User, album: Album | None = None) -> QuerySet[Photo]:
    """Return the photos of `album`, or of all albums of `user` except temporary ones.

    Newest first, each with the user's `role`.
    """
    photos = list_all_photos(user)
    return photos.filter(album__expires_at=None) if album is None else photos.filter(album=album)


def list_all_photos(user: User) -> QuerySet[Photo]:
    """Return all photos that `user` may see, also in temporary albums, each with the `role`."""
    role = AlbumMember.objects.filter(album=OuterRef("album"), user=user).values("role")[:1]
    photos = policies.select_visible_photos(user).select_related("album", "current", "tip")
    return photos.annotate(role=Subquery(role)).order_by("-created_at", "id")


def get_photo(user: User, photo_id: uuid.UUID | str) -> Photo:
    """Return the photo with the user's `role`; raises NotThere for non-members."""
    return get_by_id(list_all_photos(user), photo_id, "photo")


def get_revision(user: User, revision_id: uuid.UUID | str) -> Revision:
    """Return the revision; raises NotThere for non-members."""
    revisions = policies.select_visible_revisions(user).select_related("photo__album", "parent")
    return get_by_id(revisions, revision_id, "revision")


def list_open_uploads(user: User) -> QuerySet[Upload]:
    """Return the user's direct uploads that can still receive data, also discarded ones."""
    uploads = policies.select_visible_uploads(user)
    return uploads.filter(photo=None, expires_at__gt=timezone.now())


def list_unfinished_uploads(user: User) -> QuerySet[Upload]:
    """Return the user's direct uploads that can still become photos, newest first."""
    uploads = policies.select_visible_uploads(user)
    return uploads.filter(ended_at=None, expires_at__gt=timezone.now()).order_by(
        "-created_at", "id"
    )


def get_upload(user: User, upload_id: uuid.UUID | str) -> Upload:
    """Return the direct upload; raises NotThere for all users but the one who began it."""
    is_discarded = Q(photo=None, ended_at__isnull=False)
    uploads = policies.select_visible_uploads(user).exclude(is_discarded).select_related("album")
    return get_by_id(uploads, upload_id, "upload")


def get_member(user: User, album_id: uuid.UUID | str, member_id: uuid.UUID | str) -> AlbumMember:
    """Return a membership in an album that `user` may see; raises NotThere otherwise."""
    members = AlbumMember.objects.filter(album__in=policies.select_visible_albums(user))
    return get_by_id(
        members.filter(album_id=album_id).select_related("album", "user"), member_id, "member"
    )


def list_members(album: Album) -> QuerySet[AlbumMember]:
    """Return the album's members: the owner first (`role_rank` 0), then by e-mail address."""
    owner_first = Case(When(role=Role.OWNER, then=0), default=1)
    members = album.memberships.select_related("user").annotate(role_rank=owner_first)
    return members.order_by("role_rank", "user__email")


def list_share_links(album: Album) -> QuerySet[ShareLink]:
    """Return the valid share links of the album, newest first."""
    return policies.select_valid_share_links().filter(album=album).order_by("-created_at", "id")


def get_share_link(user: User, link_id: uuid.UUID | str) -> ShareLink:
    """Return the share link while it is valid; raises NotThere for non-members of its album."""
    links = policies.select_visible_share_links(user).select_related("album")
    return get_by_id(links, link_id, "share link")


def list_revisions(photo: Photo) -> QuerySet[Revision]:
    """Return the revisions of a photo, newest first."""
    return Revision.objects.filter(photo=photo).select_related("photo").order_by("-number")


@dataclass(frozen=True)
class HistoryTree:
    """The tree of a photo's revisions, by their ids.

    Attributes:
        children: the revisions that were made from each revision, in order.
        line: the revisions from the original to the tip; undo and redo move along them.
    """

    children: Mapping[uuid.UUID, Sequence[uuid.UUID]]
    line: Set[uuid.UUID]


def build_history_tree(photo: Photo) -> HistoryTree:
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
    return HistoryTree(children, line)


def list_ancestry(revision: Revision) -> list[Revision]:
    """Return the revisions from the original to `revision`, in one query."""
    by_id = {row.pk: row for row in Revision.objects.filter(photo_id=revision.photo_id)}
    line = [revision]
    while line[-1].parent_id is not None:
        line.append(by_id[line[-1].parent_id])
    return line[::-1]


def collect_ancestor_ids(revision: Revision) -> set[uuid.UUID]:
    """Return the ids of `revision` and of all revisions that it was made from."""
    return {ancestor.pk for ancestor in list_ancestry(revision)}


def find_redo_target(photo: Photo) -> Revision | None:
    """Return the next revision from the current one to the tip; None when there is none."""
    if photo.tip is None or photo.current_id in (None, photo.tip_id):
        return None
    line = list_ancestry(photo.tip)
    for revision, successor in pairwise(line):
        if revision.pk == photo.current_id:
            return successor
    return None


def list_inpainters(revision: Revision) -> set[str]:
    """Return the names of the inpainters that made `revision` and what it was made from."""
    ancestors = Revision.objects.filter(pk__in=collect_ancestor_ids(revision), parent__isnull=False)
    return set(ancestors.values_list("edit__inpainter", flat=True))


def list_patches(revision: Revision) -> list[Patch]:
    """Return all patches from the original to `revision`, in the order they are applied."""
    order = {ancestor.pk: index for index, ancestor in enumerate(list_ancestry(revision))}
    patches = Patch.objects.filter(revision_id__in=order)
    return sorted(patches, key=lambda patch: (order[patch.revision_id], patch.index))


def list_photo_files(photos: Q) -> list[str]:
    """Return the names of all stored files of the photos that match the condition."""
    return list(_iterate_file_names(Photo.objects.filter(photos)))


def _iterate_file_names(photos: QuerySet[Photo]) -> Iterator[str]:
    yield from photos.values_list("original", flat=True)
    yield from Patch.objects.filter(revision__photo__in=photos).values_list("file", flat=True)
    yield from Rendition.objects.filter(revision__photo__in=photos).values_list("file", flat=True)
    yield from photos.exclude(masks=None).values_list("masks__file", flat=True)


def get_by_id[Row: Model](rows: QuerySet[Row], key: uuid.UUID | str, what: str) -> Row:
    """Return the row with this id; raises NotThere when there is none or `key` is not a UUID."""
    try:
        return rows.get(pk=uuid.UUID(str(key)))
    except (ValueError, ObjectDoesNotExist):
        raise NotThere(what) from None
