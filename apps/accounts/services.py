"""Services that change accounts and tokens."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from knox.models import get_digest_token
from knox.settings import CONSTANTS

from accounts.managers import normalize_email
from accounts.models import Token, User
from accounts.scopes import sort_scopes
from web.errors import NotThere, Problem

MAX_TOKEN_LIFETIME = timedelta(days=3650)
LAST_USE_PRECISION = timedelta(minutes=1)


@transaction.atomic
def token_create(
    *, user: User, name: str, scopes: Sequence[str], expires_in: timedelta | None
) -> tuple[Token, str]:
    """Create a token of the user and return it with its text: 256 random bits in hex.

    The text is not stored. A token without `expires_in` never expires.

    Raises:
        Problem: token_invalid, by field: no name or one of more than 100 characters; no scopes or
            unknown ones; a lifetime that is not positive or longer than ten years.
    """
    digest, plaintext = get_digest_token()
    token = Token(
        user=user,
        name=name.strip(),
        scopes=list(scopes),
        digest=digest,
        token_key=plaintext[: CONSTANTS.TOKEN_KEY_LENGTH],
    )
    errors = _find_field_errors(token, expires_in)
    if errors:
        message = " ".join(text for texts in errors.values() for text in texts)
        raise Problem(message, code="token_invalid", fields=errors)
    token.expiry = None if expires_in is None else timezone.now() + expires_in
    token.scopes = sort_scopes(token.scopes)
    token.save()
    return token, plaintext


@transaction.atomic
def token_revoke(*, user: User, token_id: UUID) -> None:
    """Delete a token of the user; it stops working at once.

    Raises:
        NotThere: the user has no such token; it may be another user's.
    """
    deleted, _ = Token.objects.filter(user=user, id=token_id).delete()
    if not deleted:
        raise NotThere("token")


def token_touch(*, token: Token) -> None:
    """Store the time of a token's use, at most once a minute to save writes."""
    now = timezone.now()
    stale = now - LAST_USE_PRECISION
    if token.last_used_at is not None and token.last_used_at > stale:
        return
    Token.objects.filter(
        Q(last_used_at__isnull=True) | Q(last_used_at__lte=stale), pk=token.pk
    ).update(last_used_at=now)
    token.last_used_at = now


@transaction.atomic
def demo_user_ensure(*, email: str, password: str) -> User:
    """Create or repair the demo account of a laptop, with a confirmed address, and return it.

    Raises:
        ImproperlyConfigured: this is not a laptop; the password of the account is public.
    """
    if settings.ENVIRONMENT != "laptop":
        raise ImproperlyConfigured("The demo account is for laptops; its password is published.")
    user = User.objects.filter(email=normalize_email(email)).first()
    if user is None:
        user = User.objects.create_user(email, password, display_name="Demo")
    elif not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    return user


def _find_field_errors(token: Token, expires_in: timedelta | None) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    try:
        token.clean_fields(exclude={"user"})
    except ValidationError as invalid:
        errors = invalid.message_dict
    if expires_in is not None and not timedelta() < expires_in <= MAX_TOKEN_LIFETIME:
        errors["expires_in"] = [
            "Choose a lifetime of up to ten years, or none for a lasting token."
        ]
    return errors
