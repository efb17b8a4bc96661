"""Services: functions that change albums, photos, their history and their share links."""

from gallery.services.albums import (
    album_create,
    album_default,
    album_delete,
    album_remove,
    album_rename,
    album_temporary,
    member_add,
    member_change,
    member_remove,
)
from gallery.services.examples import demo_examples_load, photo_from_example
from gallery.services.photos import (
    photo_delete,
    photo_import,
    photo_update,
    photo_upload,
)
from gallery.services.revisions import (
    photo_redo,
    photo_undo,
    revision_append,
    revision_restore,
)
from gallery.services.share_links import share_link_create, share_link_revoke
from gallery.services.uploads import (
    upload_begin,
    upload_discard,
    upload_part_keep,
    upload_requests,
    upload_take_in,
)

__all__ = [
    "album_create",
    "album_default",
    "album_delete",
    "album_remove",
    "album_rename",
    "album_temporary",
    "demo_examples_load",
    "member_add",
    "member_change",
    "member_remove",
    "photo_delete",
    "photo_from_example",
    "photo_import",
    "photo_redo",
    "photo_undo",
    "photo_update",
    "photo_upload",
    "revision_append",
    "revision_restore",
    "share_link_create",
    "share_link_revoke",
    "upload_begin",
    "upload_discard",
    "upload_part_keep",
    "upload_requests",
    "upload_take_in",
]
