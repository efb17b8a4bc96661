"""The API about itself, and where there is nothing."""

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
    """The OpenAPI schema, for everybody."""

    no_scope_because = "It needs no token at all."
    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(exclude=True)
    def get(self, request: Request) -> JsonResponse:
        """The schema as JSON."""
        return JsonResponse(api_schema(), content_type="application/vnd.oai.openapi+json")


class UnknownView(ApiView):
    """An address of the API where nothing is."""

    no_scope_because = "Nothing is there."

    @extend_schema(exclude=True)
    def get(self, request: Request, path: str) -> NoReturn:
        """Say so."""
        raise NotFound("The API has no such address.")

    post = put = patch = delete = get


@cache
def api_schema() -> dict[str, Any]:
    """The whole description; it depends on nothing but the code."""
    generator = SchemaGenerator()  # type: ignore[no-untyped-call]
    schema: dict[str, Any] = generator.get_schema(public=True)  # type: ignore[no-untyped-call]
    return schema
