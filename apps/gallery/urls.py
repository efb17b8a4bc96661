"""Addresses of the pages."""

from django.urls import path

from gallery import shared_views, views

SHARED = "shared/<str:token>/"
SHARED_PHOTO = f"{SHARED}<uuid:photo_id>/"

urlpatterns = [
    path("", views.show_home, name="home"),
    path("photos/", views.show_photos, name="photos"),
    path("photos/<uuid:photo_id>/", views.show_photo, name="photo"),
    path("albums/<uuid:album_id>/", views.show_album, name="album"),
    path("account/tokens/", views.show_tokens, name="tokens"),
    path(SHARED, shared_views.show_shared, name="shared"),
    path(SHARED_PHOTO, shared_views.show_shared_photo, name="shared-photo"),
    path(f"{SHARED_PHOTO}thumbnail/", shared_views.send_shared_thumbnail, name="shared-thumbnail"),
    path(f"{SHARED_PHOTO}preview/", shared_views.send_shared_preview, name="shared-preview"),
    path(f"{SHARED_PHOTO}download/", shared_views.send_shared_download, name="shared-download"),
]
