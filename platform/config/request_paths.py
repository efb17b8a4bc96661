"""Request paths as logs and traces may show them: without secrets."""

import re

from django.http import HttpRequest
from django.utils.encoding import escape_uri_path

# Load balancers and monitoring request these every few seconds.
PROBES = frozenset({"/livez", "/readyz", "/metrics"})
# Parts of a path that give access to everyone who knows them.
SECRET_PARTS = {"key", "token"}
SHARED = re.compile(r"^(/shared/)[^/]+")


def hide_secrets(request: HttpRequest) -> str:
    """Return the request's path on one line, without secrets like the key of a password reset."""
    path = request.path
    match = request.resolver_match
    for name, value in (match.kwargs if match else {}).items():
        if name in SECRET_PARTS:
            path = path.replace(str(value), "...")
    # A share link with a typing error in its end matches no route, but still holds the secret.
    path = SHARED.sub(r"\1...", path)
    return escape_uri_path(path)
