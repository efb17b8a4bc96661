"""Cases without a ground truth: what users would remove, from a hand-made mask or detected."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.vision.files import Hole, read_hole
from benchmarks.vision.places import shorten_name
from vision.detectors.registry import load_detector
from vision.images import Picture
from vision.object_masks import from_outlines
from vision.outlines import find_outlines
from vision.weights import ModelStore


@dataclass(frozen=True)
class Removal:
    """A photo, and the file of the mask; without a mask, all objects of the label are removed."""

    photo: str
    mask: str = ""
    label: str = ""

    @property
    def name(self) -> str:
        """The name of the case."""
        return f"removal-{shorten_name(self.photo)}"

    def build_mask(self, photos: Path, picture: Picture) -> Hole:
        """Return the hole, [H,W] of the photo. Raises LookupError if the object is not found."""
        if self.mask:
            white = read_hole(photos / self.mask)
            # In the masks of pairs/ black means remove; in the other one, white does.
            return ~white if self.mask.startswith("pairs/") else white
        return self._detect_objects(picture)

    def _detect_objects(self, picture: Picture) -> Hole:
        """Return the label's objects with their shadows, as the platform removes them."""
        store = ModelStore.from_environment()
        detections = load_detector("local", store).detect(picture)
        located = [each for each in detections if each.box is not None]
        outlines = find_outlines(picture, located, store)
        polygons = [
            polygon
            for detection, outline in zip(located, outlines, strict=True)
            if detection.label == self.label
            for polygon in outline.polygons + outline.shadow
        ]
        if not polygons:
            raise LookupError(f"no {self.label} was found in {self.photo}")
        return np.asarray(from_outlines((picture.height, picture.width), polygons) > 0)


REMOVALS = (
    *(
        Removal(f"pairs/{number}_image.jpg", f"pairs/{number}_mask.jpg")
        for number in (6, 14, 15, 17, 20)
    ),
    Removal("iopaint_bench_dog.png", "iopaint_bench_dog_mask.png"),
    Removal("legendary_2.jpg", label="dog"),
    Removal("legendary_4.jpg", label="person"),
    Removal("legendary_5.jpg", label="person"),
    Removal("legendary_6.jpg", label="person"),
    Removal("kodak_12.png", label="person"),
    Removal("udacity_highway_1.jpg", label="car"),
)
