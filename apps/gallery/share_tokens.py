"""Tokens of share links: the secret part of the address is the signed id, stored nowhere."""

import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode

from django.core.signing import Signer

PADDING = "=="


def build_token(link_id: uuid.UUID) -> str:
    """Return the token of a link; it is the same until the site's secret key changes."""
    base64_id = urlsafe_b64encode(link_id.bytes).decode().removesuffix(PADDING)
    return _get_signer().sign(base64_id)


def read_link_id(token: str) -> uuid.UUID:
    """Return the link's id from a signed token. Raises BadSignature for every other text."""
    return uuid.UUID(bytes=urlsafe_b64decode(_get_signer().unsign(token) + PADDING))


def _get_signer() -> Signer:
    return Signer(salt="share-link", sep=".")
