"""A detector that runs on this machine's CPU: no account, no network."""

from pathlib import Path
from typing import TYPE_CHECKING

from vision.detectors.base import Box, Detection
from vision.detectors.candidates import (
    Candidates,
    average_edges,
    join_candidates,
    suppress_duplicates,
)
from vision.detectors.efficientdet import find_candidates
from vision.detectors.labels import find_parents
from vision.detectors.naming import name_carefully
from vision.detectors.tiles import (
    cut_tiles,
    drop_parts,
    drop_repetitions,
    select_whole_and_small,
)
from vision.errors import DetectorFailed
from vision.litert_session import is_litert_installed
from vision.weight_files import EFFICIENTDET

if TYPE_CHECKING:
    from vision.images import Picture
    from vision.weights import ModelStore

THRESHOLD = 0.35  # benchmarks/VISION.md has the figures of others
SAME_LABEL_OVERLAP = 0.45
# Two labels for one object (car and truck) overlap almost fully, a rider and a horse do not.
ANY_LABEL_OVERLAP = 0.65
LEAST_FOR_EDGES = 0.2  # less certain candidates tell nothing about an object's edges
TILE_THRESHOLD = 0.4  # below it, tiles add more false objects than real ones


def check_local_detector(store: "ModelStore") -> Path:
    """Return the detector's model file if it can be used here. Loads no model.

    Raises WeightsMissing, or DetectorFailed (detector_unavailable) where LiteRT does not exist.
    """
    if not is_litert_installed():
        raise DetectorFailed(
            "Objects can't be detected on this site. Paint what should go.",
            detail="LiteRT, which runs the detector's network, is not installed. It exists for"
            " Linux and for Macs with Apple silicon.",
            code="detector_unavailable",
            user_can_fix=False,
        )
    return store.get_path(EFFICIENTDET.name)


class LocalDetector:
    """Detector of COCO's 80 kinds of objects, of other animals and of signs: EfficientDet-Lite0.

    It examines the picture shrunk to 320 px and, where the picture is larger than 776 px,
    overlapping tiles of one or two sizes. It adds objects from a tile that have a confidence of at
    least 0.4, are not cut by the tile's edge, are no longer than a third of the tile, and are no
    part of an object with a higher confidence. Animals and signs whose kind is not certain are
    called "animal" and "sign".
    """

    name = "local"

    def __init__(
        self, store: "ModelStore", threshold: float = THRESHOLD, *, uses_tiles: bool = True
    ) -> None:
        """Set the least confidence, 0..1, of what is reported, and whether to examine tiles too."""
        self._store = store
        self._threshold = threshold
        self.uses_tiles = uses_tiles

    def detect(self, picture: "Picture") -> list[Detection]:
        """See `Detector.detect`. Raise as `check_local_detector` does."""
        check_local_detector(self._store)
        height, width = picture.pixels.shape[:2]
        parts = [self._find_in(picture, Box(0, 0, width, height), self._threshold)]
        for tile in cut_tiles(width, height) if self.uses_tiles else ():
            in_tile = self._find_in(picture, tile, max(TILE_THRESHOLD, self._threshold))
            parts.append(select_whole_and_small(in_tile, tile, picture))
        candidates = drop_repetitions(drop_parts(_suppress(join_candidates(parts))))
        return self._to_detections(candidates, picture)

    def _find_in(self, picture: "Picture", area: Box, threshold: float) -> Candidates:
        """Return one candidate for each object in `area` with a score of at least `threshold`."""
        least = min(threshold, LEAST_FOR_EDGES)
        candidates = find_candidates(picture, area, self._store, least)
        best = _suppress(candidates.select(candidates.scores >= threshold))
        return average_edges(best, candidates)

    def _to_detections(self, batch: Candidates, picture: "Picture") -> list[Detection]:
        """Convert candidates to detections; drop those that touch no pixel of the picture."""
        height, width = picture.pixels.shape[:2]
        labels = name_carefully(batch, picture, self._store)
        detections = []
        for edges, score, label in zip(batch.edges, batch.scores, labels, strict=True):
            left, top, right, bottom = (float(edge) for edge in edges)
            box = Box.from_edges((left, top, right, bottom), width, height)
            if box is not None:
                parents = find_parents(label)
                detections.append(Detection(label, float(score), box, parents, self.name))
        return detections


def _suppress(batch: Candidates) -> Candidates:
    """Return one candidate for each object."""
    return suppress_duplicates(batch, SAME_LABEL_OVERLAP, ANY_LABEL_OVERLAP)
