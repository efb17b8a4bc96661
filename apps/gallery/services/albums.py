"""Albums and their members."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from gallery import policies
from gallery.models import Album, AlbumMember, Role
from gallery.services.removal import photos_remove
from web.errors import NotThere, Problem

DEFAULT_ALBUM_NAME = "My photos"
# Housekeeping comes once an hour: gone after 24 of them.
TEMPORARY_LIFE = timedelta(hours=23)


def _clean_name(name: str) -> str:
    name = name.strip()
    if not name:
        raise Problem("Give the album a name.", code="name_missing", fields={"name": ["Missing."]})
    if len(name) > 120:
        raise Problem(
            "An album's name has at most 120 characters.",
            code="name_too_long",
            fields={"name": ["At most 120 characters."]},
        )
    return name


@transaction.atomic
def album_create(*, user: User, name: str, is_default: bool = False) -> Album:
    """A new album that `user` owns. Raises Problem for an empty or overlong name."""
    album = Album.objects.create(name=_clean_name(name), is_default=is_default)
    AlbumMember.objects.create(album=album, user=user, role=Role.OWNER)
    return album


@transaction.atomic
def album_default(*, user: User) -> Album:
    """The album where uploads without an album go; made when it is first needed."""
    User.objects.select_for_update().get(pk=user.pk)
    album = Album.objects.filter(
        memberships__user=user, memberships__role=Role.OWNER, is_default=True
    ).first()
    return album or album_create(user=user, name=DEFAULT_ALBUM_NAME, is_default=True)


@transaction.atomic
def album_temporary(*, user: User) -> Album:
    """An album that is in no list, and goes with its photos after `TEMPORARY_LIFE`."""
    expires_at = timezone.now() + TEMPORARY_LIFE
    album = Album.objects.create(name="Temporary", expires_at=expires_at)
    AlbumMember.objects.create(album=album, user=user, role=Role.OWNER)
    return album


@transaction.atomic
def album_rename(*, user: User, album: Album, name: str) -> Album:
    """Give `album` another name; editors may."""
    policies.require_editor(user, album)
    album.name = _clean_name(name)
    album.save(update_fields=["name"])
    return album


@transaction.atomic
def album_delete(*, user: User, album: Album) -> None:
    """Delete `album` with its photos and their files; the owner may."""
    policies.require_owner(user, album)
    album_remove(album)


@transaction.atomic
def album_remove(album: Album) -> None:
    """Like `album_delete`, for admins."""
    photos_remove(Q(album=album))
    album.delete()


@transaction.atomic
def member_add(*, user: User, album: Album, email: str, role: str) -> AlbumMember:
    """Share `album` with the person of that e-mail address; the owner may."""
    policies.require_owner(user, album)
    known_role = _shareable_role(role)
    person = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if person is None:
        raise Problem(
            "Nobody has signed up with this e-mail address yet.",
            code="unknown_person",
            fields={"email": ["Nobody has signed up with this e-mail address yet."]},
        )
    try:
        with transaction.atomic():
            return AlbumMember.objects.create(album=album, user=person, role=known_role)
    except IntegrityError:
        raise Problem(
            "This person is a member already: change the role instead.", code="already_member"
        ) from None


@transaction.atomic
def member_change(*, user: User, member: AlbumMember, role: str) -> AlbumMember:
    """Give a member another role; the owner may, but not to the owner."""
    policies.require_owner(user, member.album)
    _refuse_owner(member)
    member.role = _shareable_role(role)
    member.save(update_fields=["role"])
    return member


@transaction.atomic
def member_remove(*, user: User, member: AlbumMember) -> None:
    """Take a member out: the owner may, and members may leave."""
    if policies.role_in(user, member.album) is None:
        raise NotThere("member")
    if member.user_id != user.pk:
        policies.require_owner(user, member.album)
    _refuse_owner(member)
    member.delete()


def _shareable_role(role: str) -> Role:
    if role not in (Role.EDITOR, Role.VIEWER):
        raise Problem(
            "A member is an editor or a viewer.",
            code="unknown_role",
            fields={"role": ["Must be editor or viewer."]},
        )
    return Role(role)


def _refuse_owner(member: AlbumMember) -> None:
    if member.role == Role.OWNER:
        raise Problem("The owner stays the owner.", code="owner_stays")
