"""Albums, photos and revisions in the admin: to look at, not to tamper with."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from gallery.models import Album, AlbumMember, Photo, Rendition, Revision, ShareLink
from gallery.services.albums import album_remove
from gallery.services.photos import photo_remove
from gallery.services.share_links import share_link_end

type Doomed = tuple[list[Any], dict[str, int], set[str], list[Any]]


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that only services may write."""

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Nobody adds by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        """Nobody changes by hand."""
        return False


class PartOfPhotoAdmin(ReadOnlyAdmin):
    """Rows that go with their photo, never alone."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        """Not by itself: edits and history name these rows, and some have files."""
        return False


class OwnerOfRowsAdmin(admin.ModelAdmin):
    """Rows that others hang on: whoever may delete one may delete what hangs on it."""

    def get_deleted_objects(
        self, objs: Sequence[Any] | QuerySet[Any], request: HttpRequest
    ) -> Doomed:
        """What goes with `objs`; only their own model's permission is asked for.

        The admins of history and jobs forbid deleting on its own, which is not meant for this.
        """
        nested, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return nested, counts, lacking & {str(self.opts.verbose_name)}, protected

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Each by itself, so that its files go too."""
        for row in queryset:
            self.delete_model(request, row)


class MemberInline(admin.TabularInline):
    """Who is in the album."""

    model = AlbumMember
    extra = 0
    autocomplete_fields = ["user"]


@admin.register(Album)
class AlbumAdmin(OwnerOfRowsAdmin):
    """Albums with their members."""

    list_display = ["name", "owner", "photo_count", "created_at"]
    search_fields = ["name", "memberships__user__email"]
    inlines = [MemberInline]

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """An album made here would be nobody's."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Album]:
        """With the number of photos, and members at hand."""
        albums = super().get_queryset(request).prefetch_related("memberships__user")
        counted: QuerySet[Album] = albums.annotate(number_of_photos=Count("photos", distinct=True))
        return counted

    @admin.display(description="Owner")
    def owner(self, album: Album) -> str:
        """The owner's e-mail address."""
        owners = [row.user.email for row in album.memberships.all() if row.role == "owner"]
        return ", ".join(owners) or "nobody"

    @admin.display(description="Photos", ordering="number_of_photos")
    def photo_count(self, album: Any) -> int:
        """How many photos."""
        return int(album.number_of_photos)

    def delete_model(self, request: HttpRequest, obj: Album) -> None:  # noqa: ARG002
        """Photos and their files go with the album."""
        album_remove(obj)


def thumbnail_tag(revision: Revision | None) -> SafeString:
    """A small picture of a revision."""
    if revision is None:
        return format_html("{}", "—")
    address = reverse("admin-thumbnail", args=[revision.pk])
    return format_html('<img src="{}" alt="" width="120" loading="lazy">', address)


@admin.register(Photo)
class PhotoAdmin(OwnerOfRowsAdmin, ReadOnlyAdmin):
    """Photos with what they look like now."""

    list_display = ["thumbnail", "title", "album", "uploaded_by", "size", "format", "created_at"]
    list_display_links = ["thumbnail", "title"]
    list_filter = ["format", "created_at"]
    search_fields = ["title", "filename", "uploaded_by__email", "id"]
    list_select_related = ["album", "uploaded_by", "current"]
    # Not the original's file, which has no public address.
    fields = [
        "thumbnail", "title", "album", "uploaded_by", "created_at", "filename", "credit",
        "size", "format", "mode", "notes", "original_bytes", "original_sha256",
        "canvas_sha256", "decoder", "current", "tip",
    ]  # fmt: skip

    @admin.display(description="Picture")
    def thumbnail(self, photo: Photo) -> SafeString:
        """The current state."""
        return thumbnail_tag(photo.current)

    @admin.display(description="Pixels", ordering="width")
    def size(self, photo: Photo) -> str:
        """Width by height."""
        return f"{photo.width}×{photo.height}"

    def delete_model(self, request: HttpRequest, obj: Photo) -> None:  # noqa: ARG002
        """Files go with the rows."""
        photo_remove(obj)


class RenditionInline(admin.TabularInline):
    """The derived pictures."""

    model = Rendition
    fields = ("kind", "format", "width", "height", "created_at")
    readonly_fields = ("kind", "format", "width", "height", "created_at")
    extra = 0
    can_delete = False


@admin.register(Revision)
class RevisionAdmin(PartOfPhotoAdmin):
    """Every state of every photo."""

    list_display = ["thumbnail", "photo", "number", "label", "patch_count", "created_at"]
    list_display_links = ["thumbnail", "photo"]
    search_fields = ["photo__title", "label", "photo__id"]
    list_select_related = ["photo"]
    inlines = [RenditionInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Revision]:
        """With the number of patches."""
        revisions: QuerySet[Revision] = super().get_queryset(request)
        return revisions.annotate(number_of_patches=Count("patches"))

    @admin.display(description="Picture")
    def thumbnail(self, revision: Revision) -> SafeString:
        """This state."""
        return thumbnail_tag(revision)

    @admin.display(description="Patches", ordering="number_of_patches")
    def patch_count(self, revision: Any) -> int:
        """How many regions changed."""
        return int(revision.number_of_patches)


@admin.register(ShareLink)
class ShareLinkAdmin(ReadOnlyAdmin):
    """Which share links there are, without their secret addresses; they can be revoked."""

    list_display = ["created_at", "album", "photo", "created_by", "expires_at", "revoked_at"]
    list_filter = ["created_at", "expires_at", "revoked_at"]
    list_select_related = ["album", "photo", "created_by"]
    search_fields = ["album__name", "created_by__email", "=id", "=photo__id"]
    fields = ["id", "album", "photo", "created_by", "created_at", "expires_at", "revoked_at"]
    actions = ["revoke"]

    @admin.action(description="Revoke the chosen share links", permissions=["delete"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ShareLink]) -> None:
        """Revoke each, as its album's owner would."""
        links = list(queryset)
        for link in links:
            share_link_end(link)
        messages.success(request, f"Revoked: {len(links)}.")
