"""Everything that was found in one picture, outlined with regard to one another."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from vision.detectors.base import Detection
from vision.outlines.find import Outline, outline
from vision.outlines.shadows import shadow

if TYPE_CHECKING:
    from vision.images import Picture
    from vision.masks import Polygon
    from vision.weights import ModelStore


def outline_all(
    picture: "Picture", found: Sequence[Detection], store: "ModelStore"
) -> list[Outline]:
    """The outline of each of `found`, with the shadow that it casts where one is seen for sure.

    Nobody's outline reaches into a neighbour of the same kind, and no shadow into another object.
    An object of which only the box is known gets no shadow.

    Args: as for `outline`; all of `found` must have a box. Raises ValueError otherwise.
    """
    drawn = [
        outline(picture, one, store, [other for other in found if other is not one])
        for one in found
    ]
    return [
        replace(own, shadow=_shadow(picture, one, own, drawn))
        for one, own in zip(found, drawn, strict=True)
    ]


def _shadow(
    picture: "Picture", found: Detection, own: Outline, drawn: Sequence[Outline]
) -> "list[Polygon]":
    if found.box is None or own.method == "box":
        return []
    taken = [ring for other in drawn if other is not own for ring in other.polygons]
    return shadow(picture, found.box, own.polygons, taken)
