"""The cases with a truth: which hole stands where in which photo. Written down in places.json.

`python -m benchmarks.vision places` chooses them anew: seeded, away from the objects of labels.json
and from the hand-made masks. Who does so looks at the sheets afterwards: a hole on an object asks
the inpainters for what they cannot know.
"""

import json
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from benchmarks.vision.files import ROOT, Hole, read_hole
from benchmarks.vision.holes import LARGEST_SHARE, largest_part, place, sized, strokes
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
"""Of the photo: how large the hole is."""
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
"""Of a box's width and height together: what an object's box is widened by on each side."""
UNLABELLED = {"legendary_2.jpg": [(840, 0, 560, 860)]}
"""x, y, width, height of what nobody would remove half of: a pole and a lead."""


@dataclass(frozen=True)
class Place:
    """A hole where nothing is to be removed.

    Attributes:
        photo: under the folder of photos.
        shape: a mask's file whose largest part it is, or "strokes".
        pixels: about how many are hole.
        seed: of the strokes.
        x, y: left and top of the hole's box in the photo.
    """

    photo: str
    shape: str
    pixels: int
    seed: int
    x: int
    y: int

    @property
    def name(self) -> str:
        """Names the case: photo and shape."""
        return f"truth-{stem(self.photo)}-{stem(self.shape)}"

    def hole(self, photos: Path, shape: tuple[int, int]) -> Hole:
        """The hole in a photo of (height, width)."""
        cut = _sized(photos, self, shape)
        hole = np.zeros(shape, np.bool_)
        hole[self.y : self.y + cut.shape[0], self.x : self.x + cut.shape[1]] = cut
        return hole


def stem(file: str) -> str:
    """`pairs/14_mask.jpg` -> `pair14`, `kodak_01.png` -> `kodak_01`."""
    name = Path(file).stem
    return f"pair{name.split('_')[0]}" if file.startswith("pairs/") else name


def places() -> list[Place]:
    """As they are written down."""
    return [Place(**facts) for facts in json.loads(PLACES.read_text())]


def choose(photos: Path) -> None:
    """Write places.json anew."""
    chosen = [_chosen(photos, number, photo) for number, photo in enumerate(PHOTOS)]
    lines = ",\n".join(f"  {json.dumps(asdict(one))}" for one in chosen)
    PLACES.write_text(f"[\n{lines}\n]\n")


def _chosen(photos: Path, number: int, photo: str) -> Place:
    forbidden = _forbidden(photos, photo)
    seed = zlib.crc32(photo.encode())
    rng = np.random.default_rng(seed)
    # Every second hole is scribbled, the others go through the masks' shapes.
    shape = STROKES if number % 2 else SHAPES[1 + number // 2 % (len(SHAPES) - 1)]
    pixels = round(SHARES[number % len(SHARES)] * forbidden.size)
    while True:
        hole = _sized(photos, Place(photo, shape, pixels, seed, 0, 0), forbidden.shape)
        try:
            x, y = place(hole, forbidden, rng)
        except LookupError:
            pixels //= 2
        else:
            return Place(photo, shape, pixels, seed, x, y)


def _sized(photos: Path, wanted: Place, shape: tuple[int, ...]) -> Hole:
    if wanted.shape == STROKES:
        cut = strokes(np.random.default_rng(wanted.seed))
    else:
        cut = largest_part(~read_hole(photos / wanted.shape))
    longest = (shape[0] * LARGEST_SHARE, shape[1] * LARGEST_SHARE)
    return sized(cut, wanted.pixels, longest)


def _forbidden(photos: Path, photo: str) -> Hole:
    """Where objects are: labelled boxes, grown, and the hand-made mask where there is one."""
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
