"""States of a photo."""

import uuid
from typing import Any, cast

from rest_framework import serializers

from api.addresses import build_path
from api.serializers.fields import PathField
from gallery.models import Revision
from gallery.selectors import HistoryTree, build_history_tree


class RevisionLinksSerializer(serializers.Serializer[Revision]):
    """Where to see and get a revision."""

    id = serializers.UUIDField()
    number = serializers.IntegerField(help_text="0 is the original.")
    thumbnail = PathField("api-revision-thumbnail")
    preview = PathField("api-revision-preview")
    download = PathField("api-revision-download")


def build_revision_links(key: uuid.UUID, *, number: int) -> dict[str, Any]:
    """Return what `RevisionLinksSerializer` shows, for a row that was not loaded."""
    kinds = ("thumbnail", "preview", "download")
    links = {kind: build_path(f"api-revision-{kind}", key) for kind in kinds}
    return {"id": str(key), "number": number} | links


class RevisionSerializer(RevisionLinksSerializer):
    """One state of a photo: what it was made from, and by which edit."""

    parent = serializers.UUIDField(source="parent_id", allow_null=True)  # type: ignore[assignment]
    edit = serializers.UUIDField(source="edit_id", allow_null=True)
    label = serializers.CharField()  # type: ignore[assignment]
    created_at = serializers.DateTimeField()
    children = serializers.SerializerMethodField()
    is_current = serializers.SerializerMethodField()
    is_on_line = serializers.SerializerMethodField()
    width = serializers.IntegerField(source="photo.width")
    height = serializers.IntegerField(source="photo.height")

    def get_is_current(self, revision: Revision) -> bool:
        """Whether the photo shows this state."""
        return revision.photo.current_id == revision.pk

    def get_children(self, revision: Revision) -> list[uuid.UUID]:
        """What was made from it, oldest first: with `parent`, the tree of states."""
        return list(self._get_shape(revision).children[revision.pk])

    def get_is_on_line(self, revision: Revision) -> bool:
        """Whether undo and redo lead to it from the current state."""
        return revision.pk in self._get_shape(revision).line

    def _get_shape(self, revision: Revision) -> HistoryTree:
        """Return the shape of the photo's history; loaded once for all states of a response."""
        shapes: dict[uuid.UUID, HistoryTree]
        shapes = cast("dict[str, Any]", self.context).setdefault("shapes", {})
        if revision.photo_id not in shapes:
            shapes[revision.photo_id] = build_history_tree(revision.photo)
        return shapes[revision.photo_id]
