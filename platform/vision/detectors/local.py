"""A detector on this machine's CPU: no account, no network."""

from typing import TYPE_CHECKING

from vision.detectors.base import Box, Detection
from vision.detectors.labels import COCO
from vision.detectors.tiles import tiles, whole_and_small, without_parts
from vision.detectors.yolox import Candidates, best, candidates, joined

if TYPE_CHECKING:
    from vision.images import Picture
    from vision.weights import ModelStore

SAME_LABEL_OVERLAP = 0.45
# Two labels on one object (car and truck) overlap nearly wholly, a rider and a horse do not.
ANY_LABEL_OVERLAP = 0.65
TILE_THRESHOLD = 0.55  # below, tiles add more flowers seen as apples than objects


class LocalDetector:
    """Finds COCO's 80 kinds of objects, by YOLOX-nano.

    It looks at the picture shrunk to 416 px. Where the picture's longer side is 832 px or more it
    looks at up to twelve overlapping tiles as well, and adds what these show: with a confidence of
    at least 0.55, not cut by the tile's rim, no longer than a third of the tile, and no part of
    something surer.
    """

    name = "local"

    def __init__(self, store: "ModelStore", threshold: float = 0.25, *, tiled: bool = True) -> None:
        """`threshold`: least confidence, 0..1, of what is reported; `tiled`: look at tiles too."""
        self._store = store
        self._threshold = threshold
        self.tiled = tiled

    def detect(self, picture: "Picture") -> list[Detection]:
        """See `Detector.detect`; raises WeightsMissing when the model file is not there."""
        height, width = picture.pixels.shape[:2]
        whole = candidates(picture, Box(0, 0, width, height), self._store, self._threshold)
        parts = [_best(whole)]
        for tile in tiles(width, height) if self.tiled else ():
            threshold = max(TILE_THRESHOLD, self._threshold)
            seen = candidates(picture, tile, self._store, threshold)
            parts.append(whole_and_small(_best(seen), tile, picture))
        return self._named(without_parts(_best(joined(parts))), width, height)

    def _named(self, found: Candidates, width: int, height: int) -> list[Detection]:
        named = []
        for edges, score, kind in zip(found.edges, found.scores, found.classes, strict=True):
            left, top, right, bottom = (float(edge) for edge in edges)
            box = Box.from_edges((left, top, right, bottom), width, height)
            if box is not None:
                named.append(Detection(COCO[kind], float(score), box, (), self.name))
        return named


def _best(found: Candidates) -> Candidates:
    return best(found, SAME_LABEL_OVERLAP, ANY_LABEL_OVERLAP)
