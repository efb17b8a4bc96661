"""Thumbnails for the admin, whose users are not members of the albums."""

import uuid

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from gallery.models import Rendition, Revision
from gallery.renditions import get_screen_rendition


@require_safe
def send_admin_thumbnail(request: HttpRequest, revision_id: uuid.UUID) -> FileResponse:
    """Return a revision's thumbnail to users who may view photos in the admin.

    Raises PermissionDenied for all other users.
    """
    if not request.user.has_perm("gallery.view_photo"):
        raise PermissionDenied
    revision = get_object_or_404(Revision.objects.select_related("photo"), pk=revision_id)
    rendition = get_screen_rendition(revision, Rendition.Kind.THUMBNAIL).rendition
    response = FileResponse(rendition.file.open("rb"), content_type="image/webp")
    response["Cache-Control"] = "private, max-age=3600"
    return response
