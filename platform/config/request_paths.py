"""Request paths as logs and traces may show them."""

import re

from django.http import HttpRequest
from django.utils.encoding import escape_uri_path

# Requested every few seconds by machines.
PROBES = frozenset({"/livez", "/readyz", "/metrics"})
# Parts of a path that give access to whoever knows them.
SECRET_PARTS = {"key", "token"}
SHARED = re.compile(r"^(/shared/)[^/]+")


def hide_secrets(request: HttpRequest) -> str:
    """Return the path on one line, without secrets like the key of a password reset."""
    path = request.path
    match = request.resolver_match
    for name, value in (match.kwargs if match else {}).items():
        if name in SECRET_PARTS:
            path = path.replace(str(value), "...")
    # Also where the rest of a share link's address is mistyped, so that no route matches.
    path = SHARED.sub(r"\1...", path)
    return escape_uri_path(path)
