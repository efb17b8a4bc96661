"""The base classes of the API's views."""

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
from accounts.scopes import Resource, Verb, format_scope, get_verb
from api.http import conditional, idempotency, limits
from api.http.bodies import prepare_body
from api.http.parsers import StrictJsonParser
from api.http.unknown_fields import find_unknown_fields
from api.lists.fields import read_fields
from api.problems.faults import InvalidBody
from api.schema import ApiSchema
from web.errors import Problem

MULTIPART_SLACK = 2**20


class JsonNegotiation(DefaultContentNegotiation):
    """Every address responds in one format, whatever Accept or ?format= says."""

    def select_renderer(
        self,
        request: Request,
        renderers: Iterable[BaseRenderer],
        format_suffix: str | None = None,
    ) -> tuple[BaseRenderer, str]:
        """Return the view's first renderer and its media type."""
        renderer = next(iter(renderers))
        return renderer, str(renderer.media_type)


class ApiView(APIView):
    """A view for signed-in users: JSON in, JSON out, and request bodies of a limited size."""

    schema = ApiSchema()
    content_negotiation_class = JsonNegotiation
    parser_classes: Sequence[type[BaseParser]] = (StrictJsonParser,)
    metadata_class = None
    max_body_bytes = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    # The methods that support If-Match: they do all their work in a `require_unchanged` block.
    conditional_methods: Collection[str] = ()
    # The resource that a token needs a scope for; None if any token will do, with the reason.
    # `shows`: further resources in the response, which a token must be allowed to read.
    resource: Resource | None = None
    shows: Sequence[Resource] = ()
    no_scope_because = ""
    # The methods that take much work; they have their own rate limits.
    heavy_methods: Collection[str] = ()
    _levels: Sequence[limits.Level] = ()
    _key_claim: idempotency.KeyClaim | None = None

    def get_required_scopes(self, method: str) -> Sequence[str]:
        """Return the scopes that a token needs to call the method of this view."""
        if self.resource is not None:
            shown = (format_scope(resource, Verb.READ) for resource in self.shows)
            return (format_scope(self.resource, get_verb(method)), *shown)
        # A view without a declaration is open only to tokens that may do everything.
        return () if self.no_scope_because else tuple(Verb)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse a body that is too large or encoded before anything reads it, like the CSRF check.

        Then authenticate, refuse preconditions that would be ignored, and claim the key of a POST.
        """
        with self._count_refusals(request):
            prepare_body(self.django_request, self._get_max_bytes(request))
        super().initial(request, *args, **kwargs)
        if request.method not in (*conditional.SAFE, *self.conditional_methods):
            conditional.refuse_conditions(request)
        if request.method == "POST":
            self._key_claim = idempotency.claim_key(request)

    def perform_authentication(self, request: Request) -> None:
        """Authenticate the request, and count it against the rate limits."""
        with self._count_refusals(request):
            super().perform_authentication(request)
        self._count(limits.get_rates(request, self._get_kind(request)))

    def handle_exception(self, exc: Exception) -> Response:
        """Return the stored response of a repeated request; any other error becomes a problem."""
        if isinstance(exc, idempotency.AlreadyAnswered):
            return cast(Response, exc.answer)
        return super().handle_exception(exc)

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        """Add the entity tag, rate limits and cache rules, and store the response for its key.

        A response without a tag is not cached, unless the view says otherwise.
        """
        response = super().finalize_response(request, response, *args, **kwargs)
        if request.method in self.conditional_methods:
            conditional.add_tag_after_change(response)
        if conditional.can_have_tag(request, response):
            try:
                response = conditional.add_entity_tag(request, self.select_fields(response))
            except Problem as problem:
                refusal = self.handle_exception(problem)
                return self.finalize_response(request, refusal, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-store")
        for name, value in limits.build_headers(self._levels).items():
            response.headers[name] = value
        if self._key_claim is not None:
            self._key_claim.store_response(response)
        return response

    @contextmanager
    def _count_refusals(self, request: Request) -> Iterator[None]:
        """Count a request that is refused before its user is known: against its IP address."""
        try:
            yield
        except Exception:
            self._count([limits.get_address_rate(request, self._get_kind(request))])
            raise

    def _count(self, rates: Sequence[limits.Rate]) -> None:
        is_admitted, self._levels = limits.take_call(rates, now=time.time())
        if not is_admitted:
            raise limits.build_throttled_problem(self._levels)

    def _get_kind(self, request: Request) -> limits.Kind:
        return limits.get_kind(str(request.method), self.heavy_methods)

    def _get_max_bytes(self, request: Request) -> int:
        accepts_files = MultiPartParser in self.parser_classes
        if accepts_files and str(request.content_type).lower().startswith("multipart/"):
            return int(settings.UPLOAD_MAX_BYTES) + MULTIPART_SLACK
        return self.max_body_bytes

    @property
    def user(self) -> User:
        """The signed-in user; only for views that require a sign-in."""
        return cast(User, self.request.user)

    @property
    def django_request(self) -> HttpRequest:
        """Django's own request inside DRF's."""
        return self.request._request  # noqa: SLF001 -- there is no public way

    def read_body(self, serializer_class: type[BaseSerializer[Any]]) -> Mapping[str, Any]:
        """Return the values of the checked body. Raises InvalidBody, for unknown fields too."""
        serializer = serializer_class(data=self.request.data)
        unknown = find_unknown_fields(serializer, self.request.data)
        if not serializer.is_valid() or unknown:
            raise InvalidBody(serializer, unknown)
        return cast(Mapping[str, Any], serializer.validated_data)

    def require_unchanged(
        self,
        row: Model,
        *,
        check_right: Callable[[], object],
        build_response: Callable[[], Response],
    ) -> AbstractContextManager[None]:
        """Check the preconditions, then run the block while `row` is locked. Raises Problem (412).

        See `api.http.conditional.require_unchanged`.
        """
        return conditional.require_unchanged(
            self.request, row, check_right=check_right, build_response=build_response
        )

    def select_fields(self, response: Response) -> Response:
        """Return the response with the fields that the query asks for, in the order of the body."""
        body = getattr(response, "data", None)
        if isinstance(body, Mapping):
            names = read_fields(self.request.query_params, list(body))
            response.data = {name: body[name] for name in names}
        return response


class FileApiView(ApiView):
    """A view that accepts files as multipart/form-data too."""

    parser_classes = (StrictJsonParser, MultiPartParser)
