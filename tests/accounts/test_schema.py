"""The schema of the API describes how a token is sent."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from accounts.authentication import TokenAuthentication
from accounts.schema import TokenScheme


def test_the_schema_describes_the_token_header() -> None:
    scheme = OpenApiAuthenticationExtension.get_match(TokenAuthentication())
    assert isinstance(scheme, TokenScheme)
    definition = scheme.get_security_definition(AutoSchema())
    assert (definition["type"], definition["scheme"]) == ("http", "bearer")
    assert "photos:read" in definition["description"]
