"""The description of the API as an OpenAPI 3.1 schema."""

from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from typing import Any, Literal

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import force_instance, is_serializer
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, inline_serializer
from rest_framework import serializers
from rest_framework.generics import GenericAPIView

from accounts.schema import TokenScheme
from api.http.conditional import CHANGE_PARAMETERS, READ_PARAMETERS
from api.http.file_responses import PARAMETERS as FILE_PARAMETERS
from api.http.headers import (
    list_header_names,
    register_headers,
    register_response,
)
from api.http.idempotency.keys import PARAMETER as KEY_PARAMETER
from api.http.waiting import PREFER
from api.lists.fields import describe_fields
from api.operation_examples import OPERATION_EXAMPLES, build_examples
from api.problems.responses import PROBLEM_JSON

Direction = Literal["request", "response"]
# Responses that are the same for many operations, by status, with their names in the schema.
SHARED_RESPONSES = {"302": "Elsewhere", "304": "NotModified", "default": "Problem"}


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
    """The field of an uploaded file, which is sent as its bytes, never as an address."""

    target_class = "rest_framework.serializers.FileField"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Direction) -> Any:
        """Return the schema of a text of bytes."""
        return {"type": "string", "format": "binary"}


class ApiSchema(AutoSchema):
    """The description of one operation, with its problems and the scopes that a token needs."""

    def get_auth(self) -> list[dict[str, Any]]:
        """Return the ways to sign in, with the scopes of a token, as OpenAPI 3.1 allows."""
        view: Any = self.view
        scopes = list(view.get_required_scopes(self.method))
        return [
            {
                name: scopes if name == TokenScheme.name else needed
                for name, needed in method.items()
            }
            for method in super().get_auth()
        ]

    def get_override_parameters(self) -> list[Any]:
        """Add the parameters of the query, the conditions and the idempotency key."""
        parameters = [*super().get_override_parameters()]
        if fields := self._list_shown_fields():
            parameters += [describe_fields(fields), *READ_PARAMETERS]
        if self._is_file:
            parameters += FILE_PARAMETERS
        if self.method in getattr(self.view, "conditional_methods", ()):
            parameters += CHANGE_PARAMETERS
        if self.method == "POST":
            parameters.append(KEY_PARAMETER)
        return parameters

    def get_summary(self) -> str | None:
        """Return the first line of the method's docstring."""
        return super().get_description().partition("\n")[0].removesuffix(".")

    def get_description(self) -> str:  # type: ignore[override]  # as in drf-spectacular
        """Return what follows the first line of the method's docstring."""
        return str(super().get_description().partition("\n")[2].strip())

    def get_examples(self) -> list[OpenApiExample]:
        """Add the examples of the operation's requests and responses."""
        return [*super().get_examples(), *build_examples(self.get_operation_id())]

    def get_response_serializers(self) -> Any:
        """Return what `extend_schema` declares; for a list, a page of its serializer's rows."""
        if self._is_list:
            view: Any = self.view
            return build_page_serializer(view.serializer_class)
        return super().get_response_serializers()

    @property
    def _is_list(self) -> bool:
        return self.method == "GET" and isinstance(self.view, GenericAPIView)

    @property
    def _is_file(self) -> bool:
        responses = self.get_response_serializers()
        return isinstance(responses, Mapping) and any(
            isinstance(key, tuple) and key[0] == HTTPStatus.PARTIAL_CONTENT for key in responses
        )

    def _is_list_view(self, serializer: Any = None) -> bool:
        """Return whether the view filters and cuts pages; no serializer needs a page around it."""
        return serializer is None and self._is_list

    def _list_shown_fields(self) -> list[str]:
        """Return the fields of a GET's response, or of each row in it; none for files."""
        serializer = self.get_response_serializers() if self.method == "GET" else None
        if isinstance(serializer, dict):  # several formats
            serializer = serializer.get((200, "application/json"))
        if not is_serializer(serializer):
            return []
        fields = force_instance(serializer).fields  # type: ignore[no-untyped-call]
        return list(fields["results"].child.fields if self._is_list else fields)

    def _map_basic_serializer(self, serializer: Any, direction: Direction) -> Any:
        """Forbid unknown fields in bodies of requests, which `api.http.unknown_fields` refuses."""
        schema = super()._map_basic_serializer(serializer, direction)  # type: ignore[no-untyped-call]
        return schema | {"additionalProperties": False} if direction == "request" else schema

    def _get_response_bodies(self, direction: Direction = "response") -> Any:
        bodies = super()._get_response_bodies(direction)
        if self._list_shown_fields() or self._is_file:
            bodies |= {"304": {"description": "What If-None-Match names is still so."}}
        problem = self._get_response_for_code(  # type: ignore[no-untyped-call]
            ProblemSerializer, "default", [PROBLEM_JSON]
        )
        bodies |= {"default": problem | {"description": "A problem."}}
        for status, body in bodies.items():
            body["headers"] = body.get("headers", {}) | self._describe_headers(status)
        return {status: self._share_response(status, body) for status, body in bodies.items()}

    def _describe_headers(self, status: str) -> dict[str, Any]:
        names = list_header_names(str(self.method), status, is_of_job=self._is_of_job)
        return register_headers(self, names)

    @property
    def _is_of_job(self) -> bool:
        return PREFER in self.get_override_parameters()

    def _share_response(self, status: str, body: dict[str, Any]) -> dict[str, Any]:
        """Return a reference to a response that many operations have in common, or `body`."""
        has_own_refusals = bool(OPERATION_EXAMPLES[self.get_operation_id()].refusals)
        is_own = (status == "default" and has_own_refusals) or (status == "304" and self._is_of_job)
        if status not in SHARED_RESPONSES or is_own:
            return body
        return register_response(self, SHARED_RESPONSES[status], body)


def describe_stored_file(media_type: str) -> dict[Any, Any]:
    """Describe a file or a part of it, or a redirect to it where files are in a bucket."""
    redirect = "The file is at `Location`, for a while; ask here again after that."
    return describe_file(media_type) | {302: OpenApiResponse(description=redirect)}


def describe_file(media_type: str) -> dict[Any, Any]:
    """Describe a file or a part of it as a response."""
    return {
        (200, media_type): OpenApiTypes.BINARY,
        (206, media_type): OpenApiTypes.BINARY,
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
