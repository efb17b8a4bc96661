"""The whole site, bare lists to compare with, and a header that tells the queries."""

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


class QueriesCounted:
    """Says in a header how many queries an answer took."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and count."""
        asked = []

        def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            asked.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count):
            answer = self._get_response(request)
        answer.headers[QUERIES] = str(len(asked))
        return answer


class NewestFirst(CursorPagination):
    """Django REST framework's own pages by cursor."""

    page_size = 50
    ordering = "-pk"


def bare_list(name: str) -> Any:
    """A list of the model's rows and columns, as anybody would write it.

    It demands a sign-in; the query says which rows.
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
    *(path(f"bare/{name}/", bare_list(name)) for name in MODELS),
    path("", include("config.urls")),
]
