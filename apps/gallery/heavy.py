"""A whole photo in pixels takes up to gigabytes: a web process holds few of them at once."""

from threading import BoundedSemaphore

MOST_AT_ONCE = 2

whole_photo = BoundedSemaphore(MOST_AT_ONCE)
