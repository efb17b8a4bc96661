"""The gallery: albums, photos, revisions and their pictures."""

from django.apps import AppConfig


class GalleryConfig(AppConfig):
    """Named so that migrations and rows say what they are."""

    name = "gallery"
    default_auto_field = "django.db.models.BigAutoField"
