"""Cases without a truth: what users would remove, by a hand-made mask or what is detected."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.vision.files import Hole, read_hole
from benchmarks.vision.places import stem
from vision.detectors.registry import load_detector
from vision.images import Picture
from vision.object_masks import from_outlines
from vision.outlines import find_outlines
from vision.weights import ModelStore


@dataclass(frozen=True)
class Removal:
    """A photo, and the mask's file; without one, all objects of the label go."""

    photo: str
    mask: str = ""
    label: str = ""

    @property
    def name(self) -> str:
        """Names the case."""
        return f"gone-{stem(self.photo)}"

    def hole(self, photos: Path, picture: Picture) -> Hole:
        """[H,W] of the photo. Raises LookupError where the object is not found."""
        if self.mask:
            light = read_hole(photos / self.mask)
            # The pairs' masks are black where something goes, the other one is white there.
            return ~light if self.mask.startswith("pairs/") else light
        return self._detected(picture)

    def _detected(self, picture: Picture) -> Hole:
        """The objects of the label with their shadows, as the platform removes them."""
        store = ModelStore.from_environment()
        every = load_detector("local", store).detect(picture)
        placed = [one for one in every if one.box is not None]
        rings = [
            ring
            for one, drawn in zip(placed, find_outlines(picture, placed, store), strict=True)
            if one.label == self.label
            for ring in drawn.polygons + drawn.shadow
        ]
        if not rings:
            raise LookupError(f"no {self.label} was found in {self.photo}")
        return np.asarray(from_outlines((picture.height, picture.width), rings) > 0)


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
