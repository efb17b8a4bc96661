"""The API's own schema, and the response at unknown addresses."""

from functools import cache
from typing import Any, NoReturn

from django.http import JsonResponse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from api.views.base import ApiView


class SchemaView(ApiView):
    """The OpenAPI schema, which needs no sign-in."""

    no_scope_because = "It needs no token at all."
    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(exclude=True)
    def get(self, request: Request) -> JsonResponse:
        """Return the schema as JSON."""
        return JsonResponse(build_api_schema(), content_type="application/vnd.oai.openapi+json")


class UnknownView(ApiView):
    """An address that the API does not have."""

    no_scope_because = "The address does not exist."

    @extend_schema(exclude=True)
    def get(self, request: Request, path: str) -> NoReturn:
        """Raise NotFound."""
        raise NotFound("The API has no such address.")

    post = put = patch = delete = get


@cache
def build_api_schema() -> dict[str, Any]:
    """Build the OpenAPI schema of the API, once a process: it depends on the code alone."""
    generator = SchemaGenerator()  # type: ignore[no-untyped-call]
    schema: dict[str, Any] = generator.get_schema(public=True)  # type: ignore[no-untyped-call]
    return schema
