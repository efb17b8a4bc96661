"""Services for albums and their members."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from gallery import policies
from gallery.models import Album, AlbumMember, Role
from gallery.names import clean_name
from gallery.services.deletion import photos_delete
from web.errors import NotThere, Problem

DEFAULT_ALBUM_NAME = "My photos"
# Housekeeping runs once an hour, so the album is deleted at most 24 hours after its creation.
TEMPORARY_LIFE = timedelta(hours=23)


def _clean_name(name: str) -> str:
    name = clean_name(name)
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
    """Create an album that `user` owns. Raises Problem for an empty or too long name."""
    album = Album.objects.create(name=_clean_name(name), is_default=is_default)
    AlbumMember.objects.create(album=album, user=user, role=Role.OWNER)
    return album


@transaction.atomic
def default_album_ensure(*, user: User) -> Album:
    """Return the album for uploads without an album; it is created when it is first needed."""
    User.objects.select_for_update().get(pk=user.pk)
    album = Album.objects.filter(
        memberships__user=user, memberships__role=Role.OWNER, is_default=True
    ).first()
    return album or album_create(user=user, name=DEFAULT_ALBUM_NAME, is_default=True)


@transaction.atomic
def temporary_album_create(*, user: User) -> Album:
    """Create an album that is in no list and is deleted with its photos after TEMPORARY_LIFE."""
    expires_at = timezone.now() + TEMPORARY_LIFE
    album = Album.objects.create(name="Temporary", expires_at=expires_at)
    AlbumMember.objects.create(album=album, user=user, role=Role.OWNER)
    return album


@transaction.atomic
def album_rename(*, user: User, album: Album, name: str) -> Album:
    """Rename `album`; `user` must be an editor."""
    policies.require_editor(user, album)
    album.name = _clean_name(name)
    album.save(update_fields=["name"])
    return album


@transaction.atomic
def album_delete(*, user: User, album: Album) -> None:
    """Delete `album` with its photos and their files; `user` must be the owner."""
    policies.require_owner(user, album)
    album_delete_unchecked(album)


@transaction.atomic
def album_delete_unchecked(album: Album) -> None:
    """Delete an album like `album_delete`, but without a check of rights (for admins)."""
    photos_delete(Q(album=album))
    album.delete()


@transaction.atomic
def member_add(*, user: User, album: Album, email: str, role: str) -> AlbumMember:
    """Share `album` with the user of this e-mail address; `user` must be the owner.

    Raises Problem for an unknown address or role, and for a person who is a member already.
    """
    policies.require_owner(user, album)
    member_role = _parse_member_role(role)
    person = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if person is None:
        raise Problem(
            "Nobody has signed up with this e-mail address yet.",
            code="unknown_person",
            fields={"email": ["Nobody has signed up with this e-mail address yet."]},
        )
    try:
        with transaction.atomic():
            return AlbumMember.objects.create(album=album, user=person, role=member_role)
    except IntegrityError:
        raise Problem(
            "This person is a member already: change the role instead.", code="already_member"
        ) from None


@transaction.atomic
def member_change(*, user: User, member: AlbumMember, role: str) -> AlbumMember:
    """Change a member's role; `user` must be the owner, whose own role cannot change."""
    policies.require_owner(user, member.album)
    _refuse_owner(member)
    member.role = _parse_member_role(role)
    member.save(update_fields=["role"])
    return member


@transaction.atomic
def member_remove(*, user: User, member: AlbumMember) -> None:
    """Remove a member; `user` must be the owner or the member itself."""
    if policies.get_role(user, member.album) is None:
        raise NotThere("member")
    if member.user_id != user.pk:
        policies.require_owner(user, member.album)
    _refuse_owner(member)
    member.delete()


def _parse_member_role(role: str) -> Role:
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
