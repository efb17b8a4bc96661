"""Signed addresses that stay the same for an hour, in whichever process they are asked for."""

import hashlib
import logging
import time

from django.core.cache import cache
from django.db import DatabaseError

from gallery.storage.base import SignedUrl, file_store

logger = logging.getLogger(__name__)

SAME_SECONDS = 3600


def link_to(name: str, *, mime: str, filename: str = "") -> SignedUrl | None:
    """Where to fetch a stored file from; None where the server must hand it over itself.

    `seconds` is for how long the address will still be given out. It opens the file for at least
    as long again, unless the credentials that signed it end before.
    Raises FileNotFoundError when the file is gone, and OSError when the storage gives no answer.
    """
    store = file_store()
    key = _cache_key(name)
    kept: dict[tuple[str, str], tuple[str, float]] = (cache.get(key) if store.signs else None) or {}
    url, until = kept.get((mime, filename), ("", 0.0))
    if (seconds := int(until - time.time())) > 0:
        return SignedUrl(url, seconds)
    if not store.exists(name):
        raise FileNotFoundError(f"{name} is gone")
    signed = store.signed_url(name, mime=mime, filename=filename)
    if signed is None:
        return None
    seconds = min(SAME_SECONDS, signed.seconds // 2)
    kept[mime, filename] = (signed.url, time.time() + seconds)
    cache.set(key, kept, timeout=SAME_SECONDS)
    return SignedUrl(signed.url, seconds)


def forget(name: str) -> None:
    """Give no address of this file out any more: it is gone."""
    try:
        cache.delete(_cache_key(name))
    except DatabaseError:
        # The address ends by itself within the hour; the file is gone all the same.
        logger.exception("A signed address could not be forgotten")


def _cache_key(name: str) -> str:
    return f"signed-urls:{hashlib.sha256(name.encode()).hexdigest()}"
