"""Addresses of the pages."""

from django.urls import path

from gallery import shared_views, views

SHARED = "shared/<str:token>/"
SHARED_PHOTO = f"{SHARED}<uuid:photo_id>/"

urlpatterns = [
    path("", views.home, name="home"),
    path("photos/", views.photos, name="photos"),
    path("photos/<uuid:photo_id>/", views.photo, name="photo"),
    path("albums/<uuid:album_id>/", views.album, name="album"),
    path("account/tokens/", views.tokens, name="tokens"),
    path(SHARED, shared_views.shared, name="shared"),
    path(SHARED_PHOTO, shared_views.shared_photo, name="shared-photo"),
    path(f"{SHARED_PHOTO}thumbnail/", shared_views.shared_thumbnail, name="shared-thumbnail"),
    path(f"{SHARED_PHOTO}preview/", shared_views.shared_preview, name="shared-preview"),
    path(f"{SHARED_PHOTO}download/", shared_views.shared_download, name="shared-download"),
]
