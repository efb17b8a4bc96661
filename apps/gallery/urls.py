"""The pages."""

from django.urls import path

from gallery import views

urlpatterns = [
    path("", views.home, name="home"),
    path("photos/", views.photos, name="photos"),
    path("photos/<uuid:photo_id>/", views.photo, name="photo"),
    path("albums/<uuid:album_id>/", views.album, name="album"),
    path("account/tokens/", views.tokens, name="tokens"),
]
