"""Reads of tokens."""

from django.db.models import QuerySet
from knox.crypto import hash_token

from accounts.models import Token, User


def select_tokens(user: User) -> QuerySet[Token]:
    """Return the user's tokens, also expired ones, newest first."""
    return Token.objects.filter(user=user)


def find_token(plaintext: str) -> Token | None:
    """Return the token with this text, also an expired one, and its user; None if there is none."""
    return Token.objects.select_related("user").filter(digest=hash_token(plaintext)).first()
