"""Admin pages of albums, photos, revisions and share links. Only services change the rows."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from gallery.models import Album, AlbumMember, Photo, Rendition, Revision, ShareLink
from gallery.services.albums import album_delete_unchecked
from gallery.services.photos import photo_delete_unchecked
from gallery.services.share_links import share_link_revoke_unchecked

type DeletionReport = tuple[list[Any], dict[str, int], set[str], list[Any]]
"""Nested objects, counts by model, missing permissions and protected objects, as in Django."""


class ReadOnlyAdmin(admin.ModelAdmin):
    """Base class for models whose rows only services may write."""

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Return False: rows are not added by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        """Return False: rows are not changed by hand."""
        return False


class PartOfPhotoAdmin(ReadOnlyAdmin):
    """Base class for models whose rows are deleted with their photo, never alone."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        """Return False: edits and the history refer to these rows, and some rows have files."""
        return False


class OwnerOfRowsAdmin(admin.ModelAdmin):
    """Base class for models with dependent rows.

    Whoever may delete a row may also delete the rows that depend on it.
    """

    def get_deleted_objects(
        self, objs: Sequence[Any] | QuerySet[Any], request: HttpRequest
    ) -> DeletionReport:
        """Return what is deleted with `objs`; only their own model's permission is checked.

        The admins of history and jobs forbid deletion of single rows. That does not apply here,
        because those rows are deleted together with their photo or album.
        """
        nested_objects, counts, missing, protected_objects = super().get_deleted_objects(
            objs, request
        )
        permissions = missing & {str(self.opts.verbose_name)}
        return nested_objects, counts, permissions, protected_objects

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Delete each row through its service, so that its files are deleted too."""
        for row in queryset:
            self.delete_model(request, row)


class MemberInline(admin.TabularInline):
    """Table of an album's members."""

    model = AlbumMember
    extra = 0
    autocomplete_fields = ["user"]


@admin.register(Album)
class AlbumAdmin(OwnerOfRowsAdmin):
    """Admin of albums with their members."""

    list_display = ["name", "owner", "photo_count", "created_at"]
    search_fields = ["name", "memberships__user__email"]
    inlines = [MemberInline]

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Return False: an album that is created here would have no owner."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Album]:
        """Return the albums with their number of photos and with prefetched members."""
        albums = super().get_queryset(request).prefetch_related("memberships__user")
        with_counts: QuerySet[Album] = albums.annotate(
            number_of_photos=Count("photos", distinct=True)
        )
        return with_counts

    @admin.display(description="Owner")
    def owner(self, album: Album) -> str:
        """Return the owner's e-mail address."""
        owners = [row.user.email for row in album.memberships.all() if row.role == "owner"]
        return ", ".join(owners) or "nobody"

    @admin.display(description="Photos", ordering="number_of_photos")
    def photo_count(self, album: Any) -> int:
        """Return the number of photos."""
        return int(album.number_of_photos)

    def delete_model(self, request: HttpRequest, obj: Album) -> None:  # noqa: ARG002
        """Delete the album with its photos and their files."""
        album_delete_unchecked(obj)


def render_thumbnail_tag(revision: Revision | None) -> SafeString:
    """Return an HTML image of the revision's thumbnail, or a dash without a revision."""
    if revision is None:
        return format_html("{}", "—")
    address = reverse("admin-thumbnail", args=[revision.pk])
    return format_html('<img src="{}" alt="" width="120" loading="lazy">', address)


@admin.register(Photo)
class PhotoAdmin(OwnerOfRowsAdmin, ReadOnlyAdmin):
    """Admin of photos with the thumbnail of their current revision."""

    list_display = ["thumbnail", "title", "album", "uploaded_by", "size", "format", "created_at"]
    list_display_links = ["thumbnail", "title"]
    list_filter = ["format", "created_at"]
    search_fields = ["title", "filename", "uploaded_by__email", "id"]
    list_select_related = ["album", "uploaded_by", "current"]
    # The original's file is not listed: it has no public address.
    fields = [
        "thumbnail", "title", "album", "uploaded_by", "created_at", "filename", "credit",
        "size", "format", "mode", "notes", "original_bytes", "original_sha256",
        "canvas_sha256", "decoder", "current", "tip",
    ]  # fmt: skip

    @admin.display(description="Picture")
    def thumbnail(self, photo: Photo) -> SafeString:
        """Return the thumbnail of the current revision."""
        return render_thumbnail_tag(photo.current)

    @admin.display(description="Pixels", ordering="width")
    def size(self, photo: Photo) -> str:
        """Return width × height in pixels."""
        return f"{photo.width}×{photo.height}"

    def delete_model(self, request: HttpRequest, obj: Photo) -> None:  # noqa: ARG002
        """Delete the photo with its files."""
        photo_delete_unchecked(obj)


class RenditionInline(admin.TabularInline):
    """Table of a revision's renditions."""

    model = Rendition
    fields = ("kind", "format", "width", "height", "created_at")
    readonly_fields = ("kind", "format", "width", "height", "created_at")
    extra = 0
    can_delete = False


@admin.register(Revision)
class RevisionAdmin(PartOfPhotoAdmin):
    """Admin of all revisions of all photos."""

    list_display = ["thumbnail", "photo", "number", "label", "patch_count", "created_at"]
    list_display_links = ["thumbnail", "photo"]
    search_fields = ["photo__title", "label", "photo__id"]
    list_select_related = ["photo"]
    inlines = [RenditionInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Revision]:
        """Return the revisions with their number of patches."""
        revisions: QuerySet[Revision] = super().get_queryset(request)
        return revisions.annotate(number_of_patches=Count("patches"))

    @admin.display(description="Picture")
    def thumbnail(self, revision: Revision) -> SafeString:
        """Return the thumbnail of this revision."""
        return render_thumbnail_tag(revision)

    @admin.display(description="Patches", ordering="number_of_patches")
    def patch_count(self, revision: Any) -> int:
        """Return the number of changed regions."""
        return int(revision.number_of_patches)


@admin.register(ShareLink)
class ShareLinkAdmin(ReadOnlyAdmin):
    """Admin of share links: lists them without their secret addresses, and can revoke them."""

    list_display = ["created_at", "album", "photo", "created_by", "expires_at", "revoked_at"]
    list_filter = ["created_at", "expires_at", "revoked_at"]
    list_select_related = ["album", "photo", "created_by"]
    search_fields = ["album__name", "created_by__email", "=id", "=photo__id"]
    fields = [
        "id", "album", "photo", "always_newest", "created_by", "created_at", "expires_at",
        "revoked_at",
    ]  # fmt: skip
    actions = ["revoke"]

    @admin.action(description="Revoke the chosen share links", permissions=["delete"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ShareLink]) -> None:
        """Revoke each link, as its album's owner would."""
        links = list(queryset)
        for link in links:
            share_link_revoke_unchecked(link)
        messages.success(request, f"Revoked: {len(links)}.")
