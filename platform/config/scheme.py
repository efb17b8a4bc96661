"""The headers in which a proxy says whether the visitor used http or https."""

SCHEME_HEADERS = ("X-Forwarded-Proto", "CloudFront-Forwarded-Proto")
"""Behind CloudFront, a load balancer fills the first with CloudFront's own scheme: always http."""


def build_meta_key(header: str) -> str:
    """Return the header's name in a request's META."""
    return f"HTTP_{header.upper().replace('-', '_')}"
