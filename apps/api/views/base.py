"""What all views of the API share."""

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, cast

from django.conf import settings
from django.db.models import Model
from django.http import HttpRequest
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from accounts.models import User
from accounts.scopes import Resource, Verb, scope, verb_of
from api.http import conditional, idempotency, limits
from api.http.parsers import StrictJsonParser
from api.http.unknown_fields import unknown_fields
from api.lists.fields import read_fields
from api.problems.faults import InvalidBody
from api.schema import ApiSchema
from web.errors import Fault, Problem

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
    # The methods that act on condition (If-Match): all that they do stands in `unchanged`.
    conditional_methods: Collection[str] = ()
    # What tokens need a scope of; None with the reason why any token will do. Answers of some
    # views show another resource, which tokens need to read then.
    resource: Resource | None = None
    shows: Sequence[Resource] = ()
    no_scope_because = ""
    # The methods that are much work for us; they count by themselves.
    heavy_methods: Collection[str] = ()
    _levels: Sequence[limits.Level] = ()
    _once: idempotency.Once | None = None

    def scopes_needed(self, method: str) -> Sequence[str]:
        """Without which a token may not call the method here."""
        if self.resource is not None:
            shown = (scope(resource, Verb.READ) for resource in self.shows)
            return (scope(self.resource, verb_of(method)), *shown)
        # Forgotten: only tokens that may do everything get in.
        return () if self.no_scope_because else tuple(Verb)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse what is too large before anything reads it, the CSRF check included."""
        with self._refusals_counted(request):
            _refuse_unannounced_body(request)
            _refuse_large_body(request, self._most_bytes(request))
        super().initial(request, *args, **kwargs)
        if request.method not in (*conditional.SAFE, *self.conditional_methods):
            conditional.refuse_conditions(request)
        if request.method == "POST":
            self._once = idempotency.begin(request)

    def perform_authentication(self, request: Request) -> None:
        """Learn who is asking, and count it."""
        with self._refusals_counted(request):
            super().perform_authentication(request)
        self._count(limits.rates_for(request, self._kind(request)))

    def handle_exception(self, exc: Exception) -> Response:
        """What was answered before is told again; all else is a problem."""
        if isinstance(exc, idempotency.Answered):
            return cast(Response, exc.answer)
        return super().handle_exception(exc)

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        """Tag what was looked at; keep all else out of caches, unless a view says otherwise."""
        response = super().finalize_response(request, response, *args, **kwargs)
        if request.method in self.conditional_methods:
            conditional.tag_changed(response)
        if conditional.may_be_tagged(request, response):
            try:
                response = conditional.tagged(request, self.select_fields(response))
            except Problem as problem:
                refusal = self.handle_exception(problem)
                return self.finalize_response(request, refusal, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-store")
        for name, value in limits.headers_of(self._levels).items():
            response.headers[name] = value
        if self._once is not None:
            self._once.end(response)
        return response

    @contextmanager
    def _refusals_counted(self, request: Request) -> Iterator[None]:
        """Who is refused before it is known who asks counts by the address."""
        try:
            yield
        except Exception:
            self._count([limits.rate_of_address(request, self._kind(request))])
            raise

    def _count(self, rates: Sequence[limits.Rate]) -> None:
        is_admitted, self._levels = limits.spend(rates, now=time.time())
        if not is_admitted:
            raise limits.refusal(self._levels)

    def _kind(self, request: Request) -> limits.Kind:
        return limits.kind_of(str(request.method), self.heavy_methods)

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
        """The checked body, which has no field that is not known. Raises ValidationError."""
        serializer = serializer_class(data=self.request.data)
        unknown = unknown_fields(serializer, self.request.data)
        if not serializer.is_valid() or unknown:
            raise InvalidBody(serializer, unknown)
        return cast(Mapping[str, Any], serializer.validated_data)

    def unchanged(
        self, row: Model, *, allowed: Callable[[], object], shown: Callable[[], Response]
    ) -> AbstractContextManager[None]:
        """Inside it `row` is what the caller takes it for; see `api.http.conditional.unchanged`."""
        return conditional.unchanged(self.request, row, allowed=allowed, shown=shown)

    def select_fields(self, response: Response) -> Response:
        """Return the response with the fields that the query asks for, in the order of the body."""
        body = getattr(response, "data", None)
        if isinstance(body, Mapping):
            names = read_fields(self.request.query_params, list(body))
            response.data = {name: body[name] for name in names}
        return response


class FileApiView(ApiView):
    """Takes files as multipart/form-data too."""

    parser_classes = (StrictJsonParser, MultiPartParser)


def _refuse_unannounced_body(request: Request) -> None:
    """Django takes a body of unknown length for an empty one; say so instead."""
    if "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower():
        raise Problem("Send the body with a Content-Length, not in chunks.", code="length_required")


def _refuse_large_body(request: Request, limit: int) -> None:
    """A WSGI server hands over no more bytes than the header announces."""
    try:
        announced = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        announced = 0
    if announced > limit:
        message = f"The request is larger than the {limit // 2**20} MB that this address takes."
        fault = Fault(message, expected={"max_bytes": limit}, received={"bytes": announced})
        raise Problem(message, code="too_large", faults=[fault])
