"""Reads: which tokens there are."""

from django.db.models import QuerySet
from knox.crypto import hash_token

from accounts.models import Token, User


def tokens_of(user: User) -> QuerySet[Token]:
    """The user's own tokens, newest first, expired ones among them."""
    return Token.objects.filter(user=user)


def token_by_plaintext(plaintext: str) -> Token | None:
    """The token whose text this is, with its user; None if there is none. Expired ones count."""
    return Token.objects.select_related("user").filter(digest=hash_token(plaintext)).first()
