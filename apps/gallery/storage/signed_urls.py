"""Signed addresses, cached so that all processes return the same one for an hour."""

import hashlib
import logging
import time

from django.core.cache import cache
from django.db import DatabaseError

from gallery.storage.base import SignedUrl, get_file_store

logger = logging.getLogger(__name__)

CACHE_SECONDS = 3600


def get_cached_url(name: str, *, mime: str, filename: str = "") -> SignedUrl | None:
    """Return the signed address of a stored file; None when the server itself must send it.

    `seconds` is how long the cache will still return the same address. The address is valid for
    at least as long again, unless the credentials that signed it expire earlier.
    Raises FileNotFoundError when the file is missing, OSError when the storage does not respond.
    """
    store = get_file_store()
    key = _build_cache_key(name)
    urls: dict[tuple[str, str], tuple[str, float]] = (
        cache.get(key) if store.has_signed_urls else None
    ) or {}
    url, expires_at = urls.get((mime, filename), ("", 0.0))
    if (seconds := int(expires_at - time.time())) > 0:
        return SignedUrl(url, seconds)
    if not store.exists(name):
        raise FileNotFoundError(f"{name} is missing")
    link = store.build_signed_url(name, mime=mime, filename=filename)
    if link is None:
        return None
    seconds = min(CACHE_SECONDS, link.seconds // 2)
    urls[mime, filename] = (link.url, time.time() + seconds)
    cache.set(key, urls, timeout=CACHE_SECONDS)
    return SignedUrl(link.url, seconds)


def clear_cached_url(name: str) -> None:
    """Delete the cached addresses of a deleted file."""
    try:
        cache.delete(_build_cache_key(name))
    except DatabaseError:
        # The cache entry expires within the hour, and the file is deleted in any case.
        logger.exception("The cached address of a deleted file could not be deleted")


def _build_cache_key(name: str) -> str:
    return f"signed-urls:{hashlib.sha256(name.encode()).hexdigest()}"
