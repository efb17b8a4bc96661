"""Static files under names that carry their digest, so that browsers may keep them for ever."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.http import HttpRequest, HttpResponse, HttpResponseBase


class HashedStaticFiles(ManifestStaticFilesStorage):
    """Also rewrites the `import` lines of ES modules to the hashed names."""

    support_js_module_import_aggregation = True
    manifest_strict = False


class NothingElseBelowStatic:
    """Where caches keep what they get, a missing file must not be answered by a visitor's page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """What is there has been answered before this is asked."""
        if not request.path_info.startswith(settings.STATIC_URL):
            return self._get_response(request)
        answer = HttpResponse("There is no such file.\n", status=404, content_type="text/plain")
        answer.headers["Cache-Control"] = "no-store"
        return answer
