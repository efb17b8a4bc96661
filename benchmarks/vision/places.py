"""The cases with a ground truth: holes in photos away from objects, saved in places.json.

`python -m benchmarks.vision places` chooses them again, with fixed seeds, away from the objects of
labels.json and from the hand-made masks. Then check the contact sheets: an inpainter cannot
reconstruct an object below a hole.
"""

import json
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from benchmarks.vision.files import ROOT, Hole, read_hole
from benchmarks.vision.holes import (
    LARGEST_SHARE,
    draw_strokes,
    find_largest_part,
    find_place,
    resize_shape,
)
from vision import masks
from vision.images import decode

LABELS = ROOT / "benchmarks/labels.json"
PLACES = Path(__file__).with_name("places.json")
STROKES = "strokes"
SHAPES = (
    STROKES,
    *(f"pairs/{number}_mask.jpg" for number in (14, 15, 17, 20, 6)),
)
SHARES = (0.01, 0.025, 0.05)
"""The size of the hole as a share of the photo."""
PHOTOS = (
    "kodak_01.png",
    "kodak_06.png",
    "kodak_12.png",
    "kodak_13.png",
    "legendary_1.jpg",
    "legendary_2.jpg",
    "legendary_3.jpg",
    "legendary_4.jpg",
    "legendary_5.jpg",
    "legendary_6.jpg",
    "budgie_perched-osprey.jpg",
    "budgie_oakland-zoo-otters.jpg",
    "budgie_extreme-desert-hike.jpg",
    "budgie_lake-sherburne.jpg",
    "pairs/14_image.jpg",
    "pairs/15_image.jpg",
    "pairs/6_image.jpg",
    "pairs/17_image.jpg",
    "pairs/20_image.jpg",
)
BOX_GROWTH = 0.05
"""The growth of an object's box on each side, as a share of its width plus its height."""
UNLABELLED = {"legendary_2.jpg": [(840, 0, 560, 860)]}
"""x, y, width, height of unlabelled objects: a pole and a lead."""


@dataclass(frozen=True)
class Place:
    """A hole in a photo that covers no object.

    Attributes:
        photo: the path below the folder of photos.
        shape: the mask file whose largest part is the hole's shape, or "strokes".
        pixels: the approximate number of pixels of the hole.
        seed: the seed of the strokes.
        x, y: the left and the top of the hole's box in the photo.
    """

    photo: str
    shape: str
    pixels: int
    seed: int
    x: int
    y: int

    @property
    def name(self) -> str:
        """The name of the case: photo and shape."""
        return f"truth-{shorten_name(self.photo)}-{shorten_name(self.shape)}"

    def build_hole(self, photos: Path, shape: tuple[int, int]) -> Hole:
        """Build the hole for a photo of the shape (height, width)."""
        cut = _build_hole_shape(photos, self, shape)
        hole = np.zeros(shape, np.bool_)
        hole[self.y : self.y + cut.shape[0], self.x : self.x + cut.shape[1]] = cut
        return hole


def shorten_name(file: str) -> str:
    """Return `pair14` for `pairs/14_mask.jpg`, and `kodak_01` for `kodak_01.png`."""
    name = Path(file).stem
    return f"pair{name.split('_')[0]}" if file.startswith("pairs/") else name


def read_places() -> list[Place]:
    """Read places.json."""
    return [Place(**facts) for facts in json.loads(PLACES.read_text())]


def choose(photos: Path) -> None:
    """Choose all places again, and write places.json."""
    chosen = [_choose_place(photos, number, photo) for number, photo in enumerate(PHOTOS)]
    lines = ",\n".join(f"  {json.dumps(asdict(place))}" for place in chosen)
    PLACES.write_text(f"[\n{lines}\n]\n")


def _choose_place(photos: Path, number: int, photo: str) -> Place:
    forbidden = _mark_forbidden(photos, photo)
    seed = zlib.crc32(photo.encode())
    rng = np.random.default_rng(seed)
    # Every second hole is a scribble; the others use the masks' shapes in turn.
    shape = STROKES if number % 2 else SHAPES[1 + number // 2 % (len(SHAPES) - 1)]
    pixels = round(SHARES[number % len(SHARES)] * forbidden.size)
    while True:
        hole = _build_hole_shape(photos, Place(photo, shape, pixels, seed, 0, 0), forbidden.shape)
        try:
            x, y = find_place(hole, forbidden, rng)
        except LookupError:
            pixels //= 2
        else:
            return Place(photo, shape, pixels, seed, x, y)


def _build_hole_shape(photos: Path, wanted: Place, shape: tuple[int, ...]) -> Hole:
    if wanted.shape == STROKES:
        cut = draw_strokes(np.random.default_rng(wanted.seed))
    else:
        cut = find_largest_part(~read_hole(photos / wanted.shape))
    longest = (shape[0] * LARGEST_SHARE, shape[1] * LARGEST_SHARE)
    return resize_shape(cut, wanted.pixels, longest)


def _mark_forbidden(photos: Path, photo: str) -> Hole:
    """Mark the objects: the enlarged labelled boxes, and the hand-made mask if there is one."""
    picture = decode(photos / photo)
    boxes = [tuple(entry[1:]) for entry in json.loads(LABELS.read_text())["photos"].get(photo, [])]
    boxes += UNLABELLED.get(photo, [])
    grown = []
    for x, y, width, height in boxes:
        margin = round(BOX_GROWTH * (width + height))
        grown.append((x - margin, y - margin, width + 2 * margin, height + 2 * margin))
    forbidden = masks.from_boxes((picture.height, picture.width), grown) > 0
    if "_image" in photo:
        forbidden |= ~read_hole(photos / photo.replace("_image", "_mask"))
    return forbidden
