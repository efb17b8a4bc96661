"""By which header a proxy says how the visitor came: over http or https."""

SCHEME_HEADERS = ("X-Forwarded-Proto", "CloudFront-Forwarded-Proto")
"""A load balancer behind CloudFront tells in the first how CloudFront came, in both cases http."""


def header_key(header: str) -> str:
    """The header's name in a request's META."""
    return f"HTTP_{header.upper().replace('-', '_')}"
