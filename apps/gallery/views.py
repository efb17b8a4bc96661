"""The pages: a shell each, filled by the browser through the API."""

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
from accounts.scopes import ABOUT
from gallery import selectors
from web.errors import NotThere


def page[**Ids](
    view: Callable[Concatenate[HttpRequest, Ids], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Ids], HttpResponse]:
    """For signed-in people; what a stranger asks for does not exist."""

    @require_safe
    @login_required
    @ensure_csrf_cookie
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Ids.args, **kwargs: Ids.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotThere as error:
            raise Http404(error.message) from None

    return guarded


def signed_in(request: HttpRequest) -> User:
    """The user of a request that `page` let through."""
    if not isinstance(request.user, User):
        raise NotThere("page")
    return request.user


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is; signed-in people go to their photos."""
    if request.user.is_authenticated:
        return redirect("photos")
    demo = {"email": settings.DEMO_EMAIL, "password": settings.DEMO_PASSWORD}
    return render(request, "home.html", {"demo_login": demo if settings.DEMO_ENABLED else None})


@page
def photos(request: HttpRequest) -> HttpResponse:
    """The grid of everything that the user may see."""
    return render(request, "photos.html", {"album": None})


@page
def album(request: HttpRequest, album_id: uuid.UUID) -> HttpResponse:
    """One album's grid."""
    return render(
        request, "album.html", {"album": selectors.album_for(signed_in(request), album_id)}
    )


@page
def photo(request: HttpRequest, photo_id: uuid.UUID) -> HttpResponse:
    """The editor."""
    shown = selectors.photo_for(signed_in(request), photo_id)
    config = {"photo_id": str(shown.pk)}
    return render(request, "photo.html", {"photo": shown, "config": config})


@page
def tokens(request: HttpRequest) -> HttpResponse:
    """Tokens for the API."""
    return render(request, "tokens.html", {"resources": ABOUT.items()})
