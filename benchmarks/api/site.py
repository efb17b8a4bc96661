"""The whole site, bare lists for comparison, and a header with the number of queries."""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import include, path
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import IsAuthenticated
from rest_framework.serializers import ModelSerializer

from benchmarks.api.header import QUERIES


class QueryCountMiddleware:
    """Adds a header with the number of queries to each response."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Handle the request, and count its queries."""
        statements = []

        def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            statements.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count):
            response = self._get_response(request)
        response.headers[QUERIES] = str(len(statements))
        return response


class NewestFirst(CursorPagination):
    """Pages with cursors as Django REST framework implements them."""

    page_size = 50
    ordering = "-pk"


def build_bare_list(name: str) -> Any:
    """Build a plain list view of the model with all its columns.

    It requires authentication; the query parameters filter the rows.
    """
    columns = type("Meta", (), {"model": apps.get_model(name), "fields": "__all__"})
    serializer = type("BareSerializer", (ModelSerializer,), {"Meta": columns})

    class BareList(ListAPIView[Model]):
        schema = None
        permission_classes = (IsAuthenticated,)
        serializer_class = serializer
        pagination_class = NewestFirst

        def get_queryset(self) -> QuerySet[Model]:
            manager = apps.get_model(name)._default_manager  # noqa: SLF001
            rows: QuerySet[Model] = manager.filter(**self.request.GET.dict())
            return rows.prefetch_related("detections") if name.endswith("Edit") else rows

    return BareList.as_view()


MODELS = (
    "accounts.Token",
    "gallery.Album",
    "gallery.AlbumMember",
    "gallery.Photo",
    "gallery.Revision",
    "gallery.ShareLink",
    "gallery.Upload",
    "inpainting.Detection",
    "inpainting.Edit",
    "inpainting.Mask",
    "webhooks.Delivery",
    "webhooks.Webhook",
)
urlpatterns = [
    *(path(f"bare/{name}/", build_bare_list(name)) for name in MODELS),
    path("", include("config.urls")),
]
