"""Who may see and do what. Strangers get 404, members without the right 403."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from gallery.models import Album, AlbumMember, Photo, Revision, Role, ShareLink, Upload
from web.errors import NotAllowed, NotThere

Someone = User | AnonymousUser

CAN_EDIT = (Role.OWNER, Role.EDITOR)


def albums_visible_to(user: Someone) -> QuerySet[Album]:
    """The albums that `user` is a member of."""
    if not user.is_authenticated:
        return Album.objects.none()
    return Album.objects.filter(memberships__user=user)


def visible_to(user: Someone) -> QuerySet[Photo]:
    """The photos in albums that `user` is a member of; an album without members is nobody's."""
    if not user.is_authenticated:
        return Photo.objects.none()
    return Photo.objects.filter(album__memberships__user=user)


def revisions_visible_to(user: Someone) -> QuerySet[Revision]:
    """The revisions of photos that `user` may see."""
    if not user.is_authenticated:
        return Revision.objects.none()
    return Revision.objects.filter(photo__album__memberships__user=user)


def uploads_visible_to(user: Someone) -> QuerySet[Upload]:
    """The direct uploads that `user` began; nobody else sees them."""
    if not user.is_authenticated:
        return Upload.objects.none()
    return Upload.objects.filter(user=user)


def share_links_open() -> QuerySet[ShareLink]:
    """The links that open something now, to anybody who has one.

    Not those that are over or revoked, whose photo is gone or in another album by now, or whose
    album has no owner who may sign in.
    """
    return ShareLink.objects.filter(
        Q(expires_at=None) | Q(expires_at__gt=timezone.now()),
        Q(photo_id=None) | Q(photo__album=F("album")),
        revoked_at=None,
        album__memberships__role=Role.OWNER,
        album__memberships__user__is_active=True,
    )


def share_links_visible_to(user: Someone) -> QuerySet[ShareLink]:
    """The open links to albums that `user` is a member of."""
    if not user.is_authenticated:
        return ShareLink.objects.none()
    return share_links_open().filter(album__in=albums_visible_to(user))


def role_in(user: Someone, album: Album) -> Role | None:
    """The role of `user` in `album`; None for a stranger."""
    if not user.is_authenticated:
        return None
    found = AlbumMember.objects.filter(album=album, user=user).values_list("role", flat=True)
    role = found.first()
    return Role(role) if role else None


def require_editor(user: Someone, album: Album) -> None:
    """Raise NotThere for a stranger and NotAllowed for a viewer of `album`."""
    role = role_in(user, album)
    if role is None:
        raise NotThere("album")
    if role not in CAN_EDIT:
        raise NotAllowed("You can look at this album; ask its owner to let you edit.")


def require_owner(user: Someone, album: Album) -> None:
    """Raise NotThere for a stranger and NotAllowed for a member who is not the owner."""
    role = role_in(user, album)
    if role is None:
        raise NotThere("album")
    if role is not Role.OWNER:
        raise NotAllowed("Only the album's owner can do this.")
