"""The secret part of a share link's address: the link's id, signed, and kept nowhere."""

import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode

from django.core.signing import Signer

PADDING = "=="


def token_of(link_id: uuid.UUID) -> str:
    """The same for the same link as long as the site's secret key stays."""
    short = urlsafe_b64encode(link_id.bytes).decode().removesuffix(PADDING)
    return _signer().sign(short)


def link_id_in(token: str) -> uuid.UUID:
    """The id that we signed. Raises BadSignature for every other text."""
    return uuid.UUID(bytes=urlsafe_b64decode(_signer().unsign(token) + PADDING))


def _signer() -> Signer:
    return Signer(salt="share-link", sep=".")
