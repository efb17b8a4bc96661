"""The verbs that change accounts and tokens."""

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

from accounts.managers import normal_email
from accounts.models import Token, User
from accounts.scopes import in_order
from web.errors import NotThere, Problem

LONGEST_TOKEN_LIFE = timedelta(days=3650)
LAST_USE_PRECISION = timedelta(minutes=1)


@transaction.atomic
def token_create(
    *, user: User, name: str, scopes: Sequence[str], expires_in: timedelta | None
) -> tuple[Token, str]:
    """A new token of the user, and its text: 256 random bits in hex, kept nowhere.

    `expires_in` None never expires.

    Raises:
        Problem: token_invalid, by field: no name or one over 100 letters, no or unknown scopes, a
            life that is over before it starts or longer than ten years.
    """
    digest, plaintext = get_digest_token()
    token = Token(
        user=user,
        name=name.strip(),
        scopes=list(scopes),
        digest=digest,
        token_key=plaintext[: CONSTANTS.TOKEN_KEY_LENGTH],
    )
    wrong = _wrong_fields(token, expires_in)
    if wrong:
        message = " ".join(text for texts in wrong.values() for text in texts)
        raise Problem(message, code="token_invalid", fields=wrong)
    token.expiry = None if expires_in is None else timezone.now() + expires_in
    token.scopes = in_order(token.scopes)
    token.save()
    return token, plaintext


@transaction.atomic
def token_revoke(*, user: User, token_id: UUID) -> None:
    """Take a token of the user's away, at once and for good.

    Raises:
        NotThere: the user has no such token, also where somebody else has.
    """
    deleted, _ = Token.objects.filter(user=user, id=token_id).delete()
    if not deleted:
        raise NotThere("token")


def token_touch(*, token: Token) -> None:
    """Note that a token was used, at most once a minute, however many requests there are."""
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
    """The demo account of a laptop, made or put back in order, its address confirmed.

    Raises:
        ImproperlyConfigured: anywhere else: its password is published.
    """
    if settings.ENVIRONMENT != "laptop":
        raise ImproperlyConfigured("The demo account is for laptops; its password is published.")
    user = User.objects.filter(email=normal_email(email)).first()
    if user is None:
        user = User.objects.create_user(email, password, display_name="Demo")
    elif not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    return user


def _wrong_fields(token: Token, expires_in: timedelta | None) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    try:
        token.clean_fields(exclude={"user"})
    except ValidationError as invalid:
        wrong = invalid.message_dict
    if expires_in is not None and not timedelta() < expires_in <= LONGEST_TOKEN_LIFE:
        wrong["expires_in"] = ["Choose a life of up to ten years, or none to keep it for good."]
    return wrong
