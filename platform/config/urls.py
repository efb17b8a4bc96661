"""Every address of the site, one line an app."""

from django.contrib import admin
from django.urls import include, path

from config.views import livez
from inpainting.queue_page import queue_page

urlpatterns = [
    path("livez", livez, name="livez"),
    path("admin/queue/", admin.site.admin_view(queue_page), name="queue"),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.account.urls")),
    path("api/v1/", include("api.urls")),
    path("", include("gallery.urls")),
]
