"""How the API describes itself (OpenAPI 3.1)."""

from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from api.errors import PROBLEM_JSON

Direction = Literal["request", "response"]


class ProblemSerializer(serializers.Serializer[Any]):
    """A refusal, after RFC 9457."""

    type = serializers.CharField(help_text="A stable code of the cause, for programs.")
    title = serializers.CharField(help_text="The HTTP status in words.")
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="What is wrong and what to do, for people.")
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="What is wrong with which input.",
    )


class ApiSchema(AutoSchema):
    """Every operation may answer with a problem."""

    def _get_response_bodies(self, direction: Direction = "response") -> Any:
        bodies = super()._get_response_bodies(direction)
        problem = self._get_response_for_code(  # type: ignore[no-untyped-call]
            ProblemSerializer, "default", [PROBLEM_JSON]
        )
        return bodies | {"default": problem | {"description": "A problem."}}


def page_of(name: str, item: type[serializers.BaseSerializer[Any]]) -> serializers.Serializer[Any]:
    """The description of one page of a list."""
    return inline_serializer(
        name,
        {
            "count": serializers.IntegerField(help_text="In all pages together."),
            "next": serializers.CharField(allow_null=True, help_text="Path of the next page."),
            "previous": serializers.CharField(allow_null=True),
            "results": item(many=True),
        },
    )
