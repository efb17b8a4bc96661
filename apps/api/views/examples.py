"""The example library."""

import hashlib
import io

from django.http import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.lists.views import ListView
from api.schema import describe_file
from api.serializers.examples import ExampleSerializer
from api.views.base import ApiView
from gallery.examples import get_example, get_example_thumbnail, list_examples
from gallery.responses import build_picture_response


class ExamplesView(ListView):
    """The photos of the example library."""

    no_scope_because = "The examples are the same for everybody."
    serializer_class = ExampleSerializer
    # A sequence in a fixed order, not a table.
    orderings = {}
    ordering = ""

    @extend_schema(operation_id="examples_list")
    def get(self, request: Request) -> Response:
        """The pictures, each with its author."""
        return self.list_rows(list_examples())


class ExampleThumbnailView(ApiView):
    """The thumbnail of an example."""

    no_scope_because = "The examples are the same for everybody."

    @extend_schema(operation_id="examples_thumbnail", responses=describe_file("image/webp"))
    def get(self, request: Request, example_id: str) -> HttpResponseBase:
        """A small picture of it."""
        data = get_example_thumbnail(get_example(example_id))
        return build_picture_response(
            self.django_request,
            lambda: io.BytesIO(data),
            mime="image/webp",
            etag=hashlib.sha256(data).hexdigest(),
        )
