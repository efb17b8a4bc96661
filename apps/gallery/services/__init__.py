"""Services: functions that change albums, photos, their history and their share links."""

from gallery.services.albums import (
    album_create,
    default_album_ensure,
    album_delete,
    album_delete_unchecked,
    album_rename,
    temporary_album_create,
    member_add,
    member_change,
    member_remove,
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
    upload_begin,
    upload_discard,
    upload_part_save,
    part_requests_build,
    upload_complete,
)

__all__ = [
    "album_create",
    "default_album_ensure",
    "album_delete",
    "album_delete_unchecked",
    "album_rename",
    "temporary_album_create",
    "demo_examples_load",
    "member_add",
    "member_change",
    "member_remove",
    "photo_delete",
    "example_copy",
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
    "upload_part_save",
    "part_requests_build",
    "upload_complete",
]
