"""Pages for signed-in users: HTML frames that the browser fills through the API."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.scopes import RESOURCE_DESCRIPTIONS
from gallery import selectors
from web.errors import NotThere


def require_sign_in[**Ids](
    view: Callable[Concatenate[HttpRequest, Ids], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Ids], HttpResponse]:
    """Require a signed-in user and turn NotThere into a 404 page."""

    @require_safe
    @login_required
    @ensure_csrf_cookie
    @wraps(view)
    def handle_request(
        request: HttpRequest, /, *args: Ids.args, **kwargs: Ids.kwargs
    ) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotThere as error:
            raise Http404(error.message) from None

    return handle_request


def _get_user(request: HttpRequest) -> User:
    """Return the signed-in user of a request. Raises NotThere for anonymous users."""
    if not isinstance(request.user, User):
        raise NotThere("page")
    return request.user


@require_safe
def show_home(request: HttpRequest) -> HttpResponse:
    """Show the start page, or redirect signed-in users to their photos."""
    if request.user.is_authenticated:
        return redirect("photos")
    demo = {"email": settings.DEMO_EMAIL, "password": settings.DEMO_PASSWORD}
    return render(request, "home.html", {"demo_login": demo if settings.DEMO_ENABLED else None})


@require_sign_in
def show_photos(request: HttpRequest) -> HttpResponse:
    """Show the grid of all photos that the user may see."""
    return render(request, "photos.html", {"album": None})


@require_sign_in
def show_album(request: HttpRequest, album_id: uuid.UUID) -> HttpResponse:
    """Show the grid of one album."""
    return render(
        request, "album.html", {"album": selectors.get_album(_get_user(request), album_id)}
    )


@require_sign_in
def show_photo(request: HttpRequest, photo_id: uuid.UUID) -> HttpResponse:
    """Show the editor of one photo."""
    row = selectors.get_photo(_get_user(request), photo_id)
    config = {"photo_id": str(row.pk)}
    return render(request, "photo.html", {"photo": row, "config": config})


@require_sign_in
def show_tokens(request: HttpRequest) -> HttpResponse:
    """Show the page of the user's API tokens."""
    return render(request, "tokens.html", {"resources": RESOURCE_DESCRIPTIONS.items()})
