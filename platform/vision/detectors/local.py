"""A detector that runs on this machine's CPU: no account, no network."""

from typing import TYPE_CHECKING

from vision.detectors.base import Box, Detection
from vision.detectors.labels import COCO
from vision.detectors.tiles import cut_tiles, drop_parts, select_whole_and_small
from vision.detectors.yolox import Candidates, find_candidates, join_candidates, suppress_duplicates

if TYPE_CHECKING:
    from vision.images import Picture
    from vision.weights import ModelStore

SAME_LABEL_OVERLAP = 0.45
# Two labels for one object (car and truck) overlap almost fully, a rider and a horse do not.
ANY_LABEL_OVERLAP = 0.65
TILE_THRESHOLD = 0.55  # below it, tiles add more false objects than real ones


class LocalDetector:
    """Detector of COCO's 80 kinds of objects, with YOLOX-nano.

    It examines the picture shrunk to 416 px. Where the picture's longer side is 832 px or more, it
    examines up to twelve overlapping tiles as well. It adds objects from a tile that have a
    confidence of at least 0.55, are not cut by the tile's edge, are no longer than a third of the
    tile, and are no part of an object with a higher confidence.
    """

    name = "local"

    def __init__(
        self, store: "ModelStore", threshold: float = 0.25, *, uses_tiles: bool = True
    ) -> None:
        """Set the least confidence, 0..1, of what is reported, and whether to examine tiles too."""
        self._store = store
        self._threshold = threshold
        self.uses_tiles = uses_tiles

    def detect(self, picture: "Picture") -> list[Detection]:
        """See `Detector.detect`. Raise WeightsMissing if the model file is not there."""
        height, width = picture.pixels.shape[:2]
        whole = find_candidates(picture, Box(0, 0, width, height), self._store, self._threshold)
        parts = [_suppress(whole)]
        for tile in cut_tiles(width, height) if self.uses_tiles else ():
            threshold = max(TILE_THRESHOLD, self._threshold)
            in_tile = find_candidates(picture, tile, self._store, threshold)
            parts.append(select_whole_and_small(_suppress(in_tile), tile, picture))
        return self._to_detections(drop_parts(_suppress(join_candidates(parts))), width, height)

    def _to_detections(self, batch: Candidates, width: int, height: int) -> list[Detection]:
        """Convert candidates to detections; drop those that touch no pixel of the picture."""
        detections = []
        for edges, score, kind in zip(batch.edges, batch.scores, batch.classes, strict=True):
            left, top, right, bottom = (float(edge) for edge in edges)
            box = Box.from_edges((left, top, right, bottom), width, height)
            if box is not None:
                detections.append(Detection(COCO[kind], float(score), box, (), self.name))
        return detections


def _suppress(batch: Candidates) -> Candidates:
    """Return one candidate for each object."""
    return suppress_duplicates(batch, SAME_LABEL_OVERLAP, ANY_LABEL_OVERLAP)
