"""Access rules: who may see and change what.

Non-members get 404, members without the right get 403.
"""

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from gallery.models import Album, AlbumMember, Photo, Revision, Role, ShareLink, Upload
from web.errors import NotAllowed, NotThere

AnyUser = User | AnonymousUser

EDITING_ROLES = (Role.OWNER, Role.EDITOR)


def select_visible_albums(user: AnyUser) -> QuerySet[Album]:
    """Return the albums that `user` is a member of."""
    if not user.is_authenticated:
        return Album.objects.none()
    return Album.objects.filter(memberships__user=user)


def select_visible_photos(user: AnyUser) -> QuerySet[Photo]:
    """Return the photos in albums that `user` is a member of.

    Photos of an album without members are visible to no user.
    """
    if not user.is_authenticated:
        return Photo.objects.none()
    return Photo.objects.filter(album__memberships__user=user)


def select_visible_revisions(user: AnyUser) -> QuerySet[Revision]:
    """Return the revisions of photos that `user` may see."""
    if not user.is_authenticated:
        return Revision.objects.none()
    return Revision.objects.filter(photo__album__memberships__user=user)


def select_visible_uploads(user: AnyUser) -> QuerySet[Upload]:
    """Return the direct uploads that `user` began; they are visible to no other user."""
    if not user.is_authenticated:
        return Upload.objects.none()
    return Upload.objects.filter(user=user)


def select_valid_share_links() -> QuerySet[ShareLink]:
    """Return the share links that are valid now.

    A link is not valid when it has expired or was revoked, when its photo was deleted or moved to
    another album, or when its album has no active owner.
    """
    return ShareLink.objects.filter(
        Q(expires_at=None) | Q(expires_at__gt=timezone.now()),
        Q(photo_id=None) | Q(photo__album=F("album")),
        revoked_at=None,
        album__memberships__role=Role.OWNER,
        album__memberships__user__is_active=True,
    )


def select_visible_share_links(user: AnyUser) -> QuerySet[ShareLink]:
    """Return the valid share links to albums that `user` is a member of."""
    if not user.is_authenticated:
        return ShareLink.objects.none()
    return select_valid_share_links().filter(album__in=select_visible_albums(user))


def get_role(user: AnyUser, album: Album) -> Role | None:
    """Return the role of `user` in `album`, or None for a non-member."""
    if not user.is_authenticated:
        return None
    roles = AlbumMember.objects.filter(album=album, user=user).values_list("role", flat=True)
    role = roles.first()
    return Role(role) if role else None


def require_editor(user: AnyUser, album: Album) -> None:
    """Raise NotThere for a non-member and NotAllowed for a viewer of `album`."""
    role = get_role(user, album)
    if role is None:
        raise NotThere("album")
    if role not in EDITING_ROLES:
        raise NotAllowed("You can look at this album; ask its owner to let you edit.")


def require_owner(user: AnyUser, album: Album) -> None:
    """Raise NotThere for a non-member and NotAllowed for a member who is not the owner."""
    role = get_role(user, album)
    if role is None:
        raise NotThere("album")
    if role is not Role.OWNER:
        raise NotAllowed("Only the album's owner can do this.")
