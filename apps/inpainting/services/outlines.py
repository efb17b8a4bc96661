"""Outlines of objects at points that somebody clicked; nothing is stored."""

from collections.abc import Sequence

from accounts.models import User
from gallery import policies
from gallery.models import Photo, Revision
from gallery.photo_slots import hold_photo_slot
from gallery.renditions import render_canvas
from inpainting.engines import get_model_store
from vision.outlines import Point, PointedObject, check_points, find_at_points
from web.errors import Fault, NotThere, Problem


def outline_preview(
    *, user: User, photo: Photo, points: Sequence[Point], revision: Revision | None = None
) -> PointedObject:
    """Return the object at `points` (px of the photo) in a revision of the photo.

    Only editors may, because it takes much work. Without `revision`: in the current one. Raises
    Problem for points that can't be used, or (503) when the server is busy, and vision's
    OutlineFailed and WeightsMissing.
    """
    policies.require_editor(user, photo.album)
    revision = revision or photo.current
    if revision is None or revision.photo_id != photo.pk:
        raise NotThere("revision of this photo", field="revision")
    _check_points(photo, points)
    store = get_model_store()
    check_points(store)  # before the picture is decoded
    with hold_photo_slot():
        return find_at_points(render_canvas(revision), points, store)


def _check_points(photo: Photo, points: Sequence[Point]) -> None:
    for index, point in enumerate(points):
        if not (0 <= point.x < photo.width and 0 <= point.y < photo.height):
            fault = Fault(
                "Lies outside the photo.",
                ("points", index),
                expected={"width": photo.width, "height": photo.height},
                received={"x": point.x, "y": point.y},
            )
            raise Problem(
                f"A point lies outside the photo of {photo.width}x{photo.height} pixels.",
                code="point_outside",
                faults=[fault],
            )
    if not any(point.adds for point in points):
        message = "At least one point must add an object."
        raise Problem(message, code="no_adding_point", fields={"points": [message]})
