"""How the API describes itself (OpenAPI 3.1)."""

from functools import cache
from typing import Any, Literal

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import force_instance, is_serializer
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, inline_serializer
from rest_framework import serializers
from rest_framework.generics import GenericAPIView

from accounts.schema import TokenScheme
from api.conditional import CHANGE_PARAMETERS, LOOK_PARAMETERS
from api.errors import PROBLEM_JSON
from api.idempotency.keys import PARAMETER as KEY_PARAMETER
from api.lists.fields import describe_fields
from api.operation_examples import SHOWN, examples_of
from api.response_headers import header_references, headers_told, shared_response
from api.waiting import PREFER

Direction = Literal["request", "response"]
# Answers that don't differ between operations, under their names in the schema.
ALIKE = {"302": "Elsewhere", "304": "NotModified", "default": "Problem"}


class FaultSerializer(serializers.Serializer[Any]):
    """One input at fault; one of `pointer`, `parameter` and `header` says where it is."""

    pointer = serializers.CharField(
        required=False, help_text="JSON pointer into the body or the form, like `#/boxes/1/x`."
    )
    parameter = serializers.CharField(required=False, help_text="Of the query.")
    header = serializers.CharField(required=False)
    detail = serializers.CharField(help_text="What is wrong with it, for people.")
    expected = serializers.JSONField(required=False, help_text="What would have been taken.")
    received = serializers.JSONField(required=False, help_text="What came.")


class ProblemSerializer(serializers.Serializer[Any]):
    """A refusal, after RFC 9457."""

    type = serializers.CharField(help_text="Path of the page about this cause.")
    code = serializers.CharField(help_text="A stable name of the cause, for programs.")
    title = serializers.CharField(help_text="The cause in a few words; always the same.")
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="What is wrong and what to do, for people.")
    errors = FaultSerializer(many=True, required=False)  # type: ignore[assignment]


class FileInForm(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """A file comes as its bytes; we never answer one by its address."""

    target_class = "rest_framework.serializers.FileField"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Direction) -> Any:
        """Its bytes."""
        return {"type": "string", "format": "binary"}


class ApiSchema(AutoSchema):
    """Every operation may answer with a problem, and says which scopes a token needs."""

    def get_auth(self) -> list[dict[str, Any]]:
        """The ways to sign in; after OpenAPI 3.1 the scopes stand beside the token's."""
        view: Any = self.view
        scopes = list(view.scopes_needed(self.method))
        return [
            {name: scopes if name == TokenScheme.name else needed for name, needed in way.items()}
            for way in super().get_auth()
        ]

    def get_override_parameters(self) -> list[Any]:
        """What may be asked in the query, and the conditions, where there are such."""
        found = [*super().get_override_parameters()]
        if fields := self._shown_fields():
            found += [describe_fields(fields), *LOOK_PARAMETERS]
        if self.method in getattr(self.view, "conditional_methods", ()):
            found += CHANGE_PARAMETERS
        if self.method == "POST":
            found.append(KEY_PARAMETER)
        return found

    def get_summary(self) -> str | None:
        """The first line of the method's docstring."""
        return super().get_description().partition("\n")[0].removesuffix(".")

    def get_description(self) -> str:  # type: ignore[override]  # as in drf-spectacular
        """What follows it."""
        return str(super().get_description().partition("\n")[2].strip())

    def get_examples(self) -> list[OpenApiExample]:
        """What the operation is sent and answers, for instance."""
        return [*super().get_examples(), *examples_of(self.get_operation_id())]

    def get_response_serializers(self) -> Any:
        """Return what `extend_schema` says; for a list, the page of its serializer's rows."""
        if self._is_list:
            view: Any = self.view
            return build_page_serializer(view.serializer_class)
        return super().get_response_serializers()

    @property
    def _is_list(self) -> bool:
        return self.method == "GET" and isinstance(self.view, GenericAPIView)

    def _is_list_view(self, serializer: Any = None) -> bool:
        """Return whether the view filters and cuts pages; no serializer needs a page around it."""
        return serializer is None and self._is_list

    def _shown_fields(self) -> list[str]:
        """Of the one thing, or of each row, that a GET answers as JSON; none for files."""
        shown = self.get_response_serializers() if self.method == "GET" else None
        if not is_serializer(shown):
            return []
        fields = force_instance(shown).fields  # type: ignore[no-untyped-call]
        return list(fields["results"].child.fields if self._is_list else fields)

    def _map_basic_serializer(self, serializer: Any, direction: Direction) -> Any:
        """Bodies of requests have no fields that are not known: see `api.unknown_fields`."""
        schema = super()._map_basic_serializer(serializer, direction)  # type: ignore[no-untyped-call]
        return schema | {"additionalProperties": False} if direction == "request" else schema

    def _get_response_bodies(self, direction: Direction = "response") -> Any:
        bodies = super()._get_response_bodies(direction)
        if self._shown_fields():
            bodies |= {"304": {"description": "What If-None-Match names is still so."}}
        problem = self._get_response_for_code(  # type: ignore[no-untyped-call]
            ProblemSerializer, "default", [PROBLEM_JSON]
        )
        bodies |= {"default": problem | {"description": "A problem."}}
        for status, body in bodies.items():
            body["headers"] = body.get("headers", {}) | self._headers(status)
        return {status: self._shared(status, body) for status, body in bodies.items()}

    def _headers(self, status: str) -> dict[str, Any]:
        told = headers_told(str(self.method), status, is_of_job=self._is_of_job)
        return header_references(self, told)

    @property
    def _is_of_job(self) -> bool:
        return PREFER in self.get_override_parameters()

    def _shared(self, status: str, body: dict[str, Any]) -> dict[str, Any]:
        """What many operations answer alike stands in the schema once."""
        has_own_refusals = bool(SHOWN[self.get_operation_id()].refusals)
        is_own = (status == "default" and has_own_refusals) or (status == "304" and self._is_of_job)
        if status not in ALIKE or is_own:
            return body
        return shared_response(self, ALIKE[status], body)


def stored_file(media_type: str) -> dict[Any, Any]:
    """The description of a file as an answer, or of the way to it where files lie in a bucket."""
    elsewhere = "The file is at `Location`, for a while; ask here again after that."
    return {
        (200, media_type): OpenApiTypes.BINARY,
        302: OpenApiResponse(description=elsewhere),
    }


@cache
def build_page_serializer(
    item: type[serializers.BaseSerializer[Any]],
) -> serializers.Serializer[Any]:
    """Build the description of one page of a list: PhotoPage, for instance, of PhotoSerializer."""
    return inline_serializer(
        f"{item.__name__.removesuffix('Serializer')}Page",
        {
            "next": serializers.CharField(allow_null=True, help_text="Path of the next page."),
            "previous": serializers.CharField(allow_null=True),
            "results": item(many=True),
        },
    )
