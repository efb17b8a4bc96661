"""The data that every detector returns, and the interface that every detector has."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from vision.images import Picture


@dataclass(frozen=True)
class Box:
    """A rectangle of whole pixels inside a picture: columns x..x+width-1, rows y..y+height-1."""

    x: int
    y: int
    width: int
    height: int

    @classmethod
    def from_edges(
        cls, edges: tuple[float, float, float, float], width: int, height: int
    ) -> "Box | None":
        """Return the pixels that left, top, right, bottom (px) touch in a width x height picture.

        None where they touch no pixel of the picture.
        """
        left, top, right, bottom = edges
        x, y = max(0, math.floor(left)), max(0, math.floor(top))
        x2, y2 = min(width, math.ceil(right)), min(height, math.ceil(bottom))
        return cls(x, y, x2 - x, y2 - y) if x2 > x and y2 > y else None

    @property
    def diagonal(self) -> float:
        """The length of the diagonal in px."""
        return math.hypot(self.width, self.height)

    def grow(self, margin: float, width: int, height: int) -> "Box":
        """Return the box with `margin` px more on each side, inside a width x height picture."""
        edges = (
            self.x - margin,
            self.y - margin,
            self.x + self.width + margin,
            self.y + self.height + margin,
        )
        return Box.from_edges(edges, width, height) or self


@dataclass(frozen=True)
class Detection:
    """An object that a detector found.

    Attributes:
        label: lower-case display name, as the detector reports it: "traffic light".
        confidence: 0..1.
        box: where it is, px of the picture; None for a label without a place ("beach").
        parents: broader labels, lower-case, where the detector knows them: ("animal", "pet").
        detector: name of the detector.
    """

    label: str
    confidence: float
    box: Box | None
    parents: tuple[str, ...]
    detector: str


class Detector(Protocol):
    """Finds what is in a picture."""

    name: str

    def detect(self, picture: "Picture") -> list[Detection]:
        """Return the objects found in `picture`, most confident first.

        Raises:
            vision.errors.DetectorFailed: no result; `permanent`: a later attempt will not work.
            vision.errors.WeightsMissing: the model file is not there.
        """
        ...
