"""Database models: albums, photos, revisions, renditions, share links and uploads."""

from gallery.models.albums import Album, AlbumMember, Role
from gallery.models.photos import Photo
from gallery.models.revisions import Patch, Rendition, Revision
from gallery.models.share_links import SharedRevision, ShareLink
from gallery.models.uploads import Upload

__all__ = [
    "Album",
    "AlbumMember",
    "Patch",
    "Photo",
    "Rendition",
    "Revision",
    "Role",
    "ShareLink",
    "SharedRevision",
    "Upload",
]
