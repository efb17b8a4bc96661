"""Reads of albums, photos and revisions."""

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
    """The albums of `user`, but no temporary ones, each with `role` and `photo_count`."""
    return _albums(user).filter(expires_at=None)


def _albums(user: User) -> QuerySet[Album]:
    return (
        policies.albums_visible_to(user)
        .annotate(role=F("memberships__role"), photo_count=Count("photos", distinct=True))
        .order_by("-created_at", "id")
    )


def album_for(user: User, album_id: uuid.UUID | str) -> Album:
    """The album, with `role` and `photo_count`; raises NotThere for strangers."""
    return one_by_id(_albums(user), album_id, "album")


def lasting_album_for(user: User, album_id: uuid.UUID | str) -> Album:
    """Like `album_for`, to put photos into: a temporary one takes in no more."""
    return one_by_id(albums_of(user), album_id, "album")


def photos_of(user: User, album: Album | None = None) -> QuerySet[Photo]:
    """The photos of `user`'s albums, or of one of them, newest first, each with the `role`."""
    photos = photos_seen_by(user)
    return photos.filter(album__expires_at=None) if album is None else photos.filter(album=album)


def photos_seen_by(user: User) -> QuerySet[Photo]:
    """The photos that `user` may see, also in temporary albums, each with the user's `role`."""
    role = AlbumMember.objects.filter(album=OuterRef("album"), user=user).values("role")[:1]
    photos = policies.visible_to(user).select_related("album", "current", "tip")
    return photos.annotate(role=Subquery(role)).order_by("-created_at", "id")


def photo_for(user: User, photo_id: uuid.UUID | str) -> Photo:
    """The photo with the user's `role`; raises NotThere for strangers."""
    return one_by_id(photos_seen_by(user), photo_id, "photo")


def revision_for(user: User, revision_id: uuid.UUID | str) -> Revision:
    """The revision; raises NotThere for strangers."""
    revisions = policies.revisions_visible_to(user).select_related("photo__album", "parent")
    return one_by_id(revisions, revision_id, "revision")


def uploads_open(user: User) -> QuerySet[Upload]:
    """The user's direct uploads that something may still be sent to, given up or not."""
    own = policies.uploads_visible_to(user)
    return own.filter(photo=None, expires_at__gt=timezone.now())


def uploads_unfinished(user: User) -> QuerySet[Upload]:
    """The user's direct uploads that have not become photos and still can; newest first."""
    own = policies.uploads_visible_to(user)
    return own.filter(ended_at=None, expires_at__gt=timezone.now()).order_by("-created_at", "id")


def upload_for(user: User, upload_id: uuid.UUID | str) -> Upload:
    """The direct upload; raises NotThere for everybody but who began it."""
    given_up = Q(photo=None, ended_at__isnull=False)
    own = policies.uploads_visible_to(user).exclude(given_up).select_related("album")
    return one_by_id(own, upload_id, "upload")


def member_for(user: User, album_id: uuid.UUID | str, member_id: uuid.UUID | str) -> AlbumMember:
    """A membership in an album that `user` may see."""
    members = AlbumMember.objects.filter(album__in=policies.albums_visible_to(user))
    return one_by_id(
        members.filter(album_id=album_id).select_related("album", "user"), member_id, "member"
    )


def members_of(album: Album) -> QuerySet[AlbumMember]:
    """Who is in the album: the owner first (`role_rank` 0), then by e-mail address."""
    owner_first = Case(When(role=Role.OWNER, then=0), default=1)
    members = album.memberships.select_related("user").annotate(role_rank=owner_first)
    return members.order_by("role_rank", "user__email")


def share_links_of(album: Album) -> QuerySet[ShareLink]:
    """The links that open something of the album, newest first."""
    return policies.share_links_open().filter(album=album).order_by("-created_at", "id")


def share_link_for(user: User, link_id: uuid.UUID | str) -> ShareLink:
    """The link, while it opens something; raises NotThere for strangers to its album."""
    links = policies.share_links_visible_to(user).select_related("album")
    return one_by_id(links, link_id, "share link")


def shared_by(token: str) -> ShareLink:
    """The link whose token this is; raises NotThere, whatever the cause that it opens nothing."""
    try:
        return policies.share_links_open().select_related("album").get(pk=link_id_in(token))
    except (BadSignature, ObjectDoesNotExist):
        raise NotThere("page") from None


def shared_photos(link: ShareLink) -> QuerySet[Photo]:
    """The photos that the link shows, newest first."""
    photos = Photo.objects.filter(album=link.album_id, current__isnull=False)
    if link.photo_id is not None:
        photos = photos.filter(pk=link.photo_id)
    return photos.order_by("-created_at", "id")


def shared_photo(link: ShareLink, photo_id: uuid.UUID) -> Photo:
    """One of `shared_photos`; raises NotThere for all others."""
    return one_by_id(shared_photos(link), photo_id, "photo")


def shared_revision(link: ShareLink, photo_id: uuid.UUID) -> Revision:
    """What one of `shared_photos` looks like now; raises NotThere for all others."""
    shown = Revision.objects.filter(photo__current=F("pk"), photo__in=shared_photos(link))
    revision = shown.select_related("photo").filter(photo=photo_id).first()
    if revision is None:
        raise NotThere("photo")
    return revision


def revisions_of(photo: Photo) -> QuerySet[Revision]:
    """The states of a photo, newest first."""
    return Revision.objects.filter(photo=photo).select_related("photo").order_by("-number")


@dataclass(frozen=True)
class HistoryShape:
    """How a photo's states hang together.

    Attributes:
        children: what was made from each, in order.
        line: the states from the original to the tip: undo and redo lead along them.
    """

    children: Mapping[uuid.UUID, Sequence[uuid.UUID]]
    line: Set[uuid.UUID]


def history_shape(photo: Photo) -> HistoryShape:
    """The tree of the photo's states, in one query."""
    states = Revision.objects.filter(photo=photo).order_by("number")
    parents = dict(states.values_list("pk", "parent_id"))
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
    """The states from the original to `revision`, in one query."""
    by_id = {row.pk: row for row in Revision.objects.filter(photo_id=revision.photo_id)}
    line = [revision]
    while line[-1].parent_id is not None:
        line.append(by_id[line[-1].parent_id])
    return line[::-1]


def ancestor_ids(revision: Revision) -> set[uuid.UUID]:
    """The ids of `revision` and of all states that it came from."""
    return {state.pk for state in lineage(revision)}


def redo_target(photo: Photo) -> Revision | None:
    """The state after the current one, on the way to the photo's tip."""
    if photo.tip is None or photo.current_id in (None, photo.tip_id):
        return None
    line = lineage(photo.tip)
    for state, following in pairwise(line):
        if state.pk == photo.current_id:
            return following
    return None


def patches_of(revision: Revision) -> list[Patch]:
    """All patches from the original to `revision`, in the order they are laid on."""
    order = {state.pk: place for place, state in enumerate(lineage(revision))}
    patches = Patch.objects.filter(revision_id__in=order)
    return sorted(patches, key=lambda patch: (order[patch.revision_id], patch.index))


def files_of_photos(photos: Q) -> list[str]:
    """The names of all stored files of the photos that match."""
    return list(_files_of(Photo.objects.filter(photos)))


def _files_of(photos: QuerySet[Photo]) -> Iterator[str]:
    yield from photos.values_list("original", flat=True)
    yield from Patch.objects.filter(revision__photo__in=photos).values_list("file", flat=True)
    yield from Rendition.objects.filter(revision__photo__in=photos).values_list("file", flat=True)
    yield from photos.exclude(masks=None).values_list("masks__file", flat=True)


def one_by_id[Row: Model](rows: QuerySet[Row], key: uuid.UUID | str, what: str) -> Row:
    """The row with that id; raises NotThere when `rows` have none, or `key` is no id."""
    try:
        return rows.get(pk=uuid.UUID(str(key)))
    except (ValueError, ObjectDoesNotExist):
        raise NotThere(what) from None
