"""The URL routes of the whole site."""

from django.contrib import admin
from django.urls import include, path, re_path

from api.problems.pages import list_problems, show_problem
from api.views import reference
from gallery.admin_thumbnails import send_admin_thumbnail
from inpainting.views import show_queue
from operations.views import livez, metrics, readyz

urlpatterns = [
    path("livez", livez, name="livez"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path(
        "admin/thumbnails/<uuid:revision_id>/",
        admin.site.admin_view(send_admin_thumbnail),
        name="admin-thumbnail",
    ),
    path("admin/queue/", admin.site.admin_view(show_queue), name="queue"),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.account.urls")),
    path("api/v1/", include("api.urls")),
    path("docs/", reference.show_index, name="docs"),
    path("docs/api/", reference.show_reference, name="api-reference"),
    re_path(
        r"^docs/(?P<name>api|api-changes|masks|webhooks)\.md$", reference.show_text, name="api-text"
    ),
    path("docs/problems/", list_problems, name="problems"),
    path("docs/problems/<slug:code>/", show_problem, name="problem"),
    path("", include("gallery.urls")),
]
