"""Decoded pictures of temporary photos, kept in memory from the upload to the answer of one call.

One call uploads a picture, waits for the edit and returns the result, so this process needs the
decoded picture twice. It is kept for the second time, where all kept ones together are small, and
at most until the photo is deleted.
"""

import uuid
from collections import OrderedDict
from threading import Lock

from vision.images import Picture

MAX_BYTES = 64 * 2**20
"""Of the pixels of all kept pictures; more than 20 of one megapixel, none above 22 megapixels."""


class KeptCanvases:
    """Pictures by their photo's id; the oldest are dropped when they become too many."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._lock = Lock()
        self._pictures: OrderedDict[uuid.UUID, Picture] = OrderedDict()

    def keep(self, photo_id: uuid.UUID, picture: Picture) -> None:
        """Keep the picture, unless it is too large."""
        if picture.pixels.nbytes > self._max_bytes:
            return
        with self._lock:
            self._pictures[photo_id] = picture
            while sum(each.pixels.nbytes for each in self._pictures.values()) > self._max_bytes:
                self._pictures.popitem(last=False)

    def take(self, photo_id: uuid.UUID) -> Picture | None:
        """Return the picture and forget it; None if it is not kept."""
        with self._lock:
            return self._pictures.pop(photo_id, None)


kept_canvases = KeptCanvases()
