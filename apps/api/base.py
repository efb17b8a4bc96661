"""What all views of the API share."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from accounts.models import User
from api.pagination import Pages
from api.parsers import StrictJsonParser
from api.schema import ApiSchema
from config.errors import Problem

MULTIPART_SLACK = 2**20


class OneAnswer(DefaultContentNegotiation):
    """Every address answers in one form, whatever Accept or ?format= ask for."""

    def select_renderer(
        self,
        request: Request,
        renderers: Iterable[BaseRenderer],
        format_suffix: str | None = None,
    ) -> tuple[BaseRenderer, str]:
        """The first renderer."""
        renderer = next(iter(renderers))
        return renderer, str(renderer.media_type)


class ApiView(APIView):
    """JSON in, JSON out, for whoever is signed in; bodies of a bounded size."""

    schema = ApiSchema()
    content_negotiation_class = OneAnswer
    parser_classes: Sequence[type[BaseParser]] = (StrictJsonParser,)
    metadata_class = None
    most_body_bytes = settings.DATA_UPLOAD_MAX_MEMORY_SIZE

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse what is too large before anything reads it, the CSRF check included."""
        _refuse_unannounced_body(request)
        _refuse_large_body(request, self._most_bytes(request))
        super().initial(request, *args, **kwargs)

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        """Keep answers out of caches, except where a view says otherwise."""
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def _most_bytes(self, request: Request) -> int:
        takes_files = MultiPartParser in self.parser_classes
        if takes_files and str(request.content_type).lower().startswith("multipart/"):
            return int(settings.UPLOAD_MAX_BYTES) + MULTIPART_SLACK
        return self.most_body_bytes

    @property
    def user(self) -> User:
        """Who is asking; only where a permission has made sure that somebody is signed in."""
        return cast(User, self.request.user)

    @property
    def django_request(self) -> HttpRequest:
        """The request as Django knows it."""
        return self.request._request  # noqa: SLF001 -- there is no public way

    def asked(self, serializer_class: type[BaseSerializer[Any]]) -> Mapping[str, Any]:
        """The checked body. Raises ValidationError."""
        serializer = serializer_class(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        return cast(Mapping[str, Any], serializer.validated_data)

    def page(
        self,
        rows: QuerySet[Any] | Sequence[Any],
        serializer_class: type[BaseSerializer[Any]],
    ) -> Response:
        """One page of the rows."""
        pages = Pages()
        chosen = pages.paginate_queryset(cast(QuerySet[Any], rows), self.request, view=self)
        return pages.get_paginated_response(serializer_class(chosen, many=True).data)


class FileApiView(ApiView):
    """Takes files as multipart/form-data too."""

    parser_classes = (StrictJsonParser, MultiPartParser)


def _refuse_unannounced_body(request: Request) -> None:
    """Django takes a body of unknown length for an empty one; say so instead."""
    if "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower():
        raise Problem(
            "Send the body with a Content-Length, not in chunks.",
            code="length_required",
            status=411,
        )


def _refuse_large_body(request: Request, limit: int) -> None:
    """A WSGI server hands over no more bytes than the header announces."""
    try:
        announced = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        announced = 0
    if announced > limit:
        raise Problem(
            f"The request is larger than the {limit // 2**20} MB that this address takes.",
            code="too_large",
            status=413,
        )
