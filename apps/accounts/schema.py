"""The description of our tokens in the API's schema."""

from typing import Any, override

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from accounts.scopes import RESOURCE_DESCRIPTIONS, Verb, format_scope

_SCOPES = "\n".join(
    f"- `{format_scope(resource, Verb.READ)}`, `{format_scope(resource, Verb.WRITE)}`: {about}"
    for resource, about in RESOURCE_DESCRIPTIONS.items()
)


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The security scheme of tokens: `Authorization: Bearer …`."""

    target_class = "accounts.authentication.TokenAuthentication"
    name = "token"

    @override
    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        """Return the OpenAPI security scheme, with the form of the header and all scopes."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "`Authorization: Bearer …`, or `Authorization: Token …`. Each operation "
            "names the scopes that a token needs; `read` stands for every `…:read`, `write` for "
            f"every `…:write`.\n\n{_SCOPES}",
        }
