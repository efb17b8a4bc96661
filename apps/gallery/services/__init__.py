"""Services: functions that change albums, photos, their history and their share links."""

from gallery.services.albums import (
    album_create,
    album_delete,
    album_delete_unchecked,
    album_rename,
    default_album_ensure,
    member_add,
    member_change,
    member_remove,
    temporary_album_create,
)
from gallery.services.examples import demo_examples_load, example_copy
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
    part_requests_build,
    upload_begin,
    upload_complete,
    upload_discard,
    upload_part_save,
)

__all__ = [
    "album_create",
    "album_delete",
    "album_delete_unchecked",
    "album_rename",
    "default_album_ensure",
    "demo_examples_load",
    "example_copy",
    "member_add",
    "member_change",
    "member_remove",
    "part_requests_build",
    "photo_delete",
    "photo_import",
    "photo_redo",
    "photo_undo",
    "photo_update",
    "photo_upload",
    "revision_append",
    "revision_restore",
    "share_link_create",
    "share_link_revoke",
    "temporary_album_create",
    "upload_begin",
    "upload_complete",
    "upload_discard",
    "upload_part_save",
]
