"""Table of the example pictures with their credits. The pictures are not part of the code."""

from dataclasses import dataclass

DEMO = "nicolasmetallo/legendary-streamlit-demo"
DEMO_COMMIT = "c8c3dfe32727537fa8fa93bdeeddec036444412b"


@dataclass(frozen=True)
class KnownPicture:
    """A picture with known bytes.

    Attributes:
        id: a stable name for addresses and the API.
        file: the file name in the library's folder, in the mirror, or in scikit-image's data.
        credit, licence: shown with the picture everywhere.
        width, height: in pixels.
    """

    id: str
    title: str
    file: str
    credit: str
    licence: str
    width: int
    height: int


@dataclass(frozen=True)
class FetchedPicture(KnownPicture):
    """A picture that is downloaded from a fixed commit and checked by its digest."""

    path: str
    sha256: str

    @property
    def url(self) -> str:
        """Address of the file."""
        return f"https://raw.githubusercontent.com/{DEMO}/{DEMO_COMMIT}/{self.path}"


def _build_unsplash_picture(
    number: int, *, name: str, title: str, author: str, size: tuple[int, int], sha256: str
) -> FetchedPicture:
    return FetchedPicture(
        id=name,
        title=title,
        file=f"legendary_{number}.jpg",
        credit=f"{author} on Unsplash",
        licence="Unsplash licence",
        width=size[0],
        height=size[1],
        path=f"cdk/app/test_images/image_{number}.jpg",
        sha256=sha256,
    )


FETCHED = (
    _build_unsplash_picture(
        1,
        name="fox",
        title="Fox on a gravel lane",
        author="Tim Doerfler",
        size=(1650, 1100),
        sha256="1c451fe4cdc4732e12aa55ce4138417a7e76a59295f3729e5bf03a2cd23f56fa",
    ),
    _build_unsplash_picture(
        2,
        name="dog-on-a-lead",
        title="Dog on a lead",
        author="Barthelemy de Mazenod",
        size=(1655, 1097),
        sha256="82f5bdaeeb610880ab2487b0a0ed66b3a8a8d1dcd4989559ee0c86f9881a72ae",
    ),
    _build_unsplash_picture(
        3,
        name="under-a-tree",
        title="Woman under a tree",
        author="Donald Giannatti",
        size=(668, 1002),
        sha256="d6d9866316885be1bfb83cec0d95bc8733685fd6f1b9edcadb45ce16b393d39c",
    ),
    _build_unsplash_picture(
        4,
        name="walking-man",
        title="Man walking on a road",
        author="hanya kumuh",
        size=(816, 1002),
        sha256="02726822a8d4734471726263618c9c1beaddc057ace6c5f9e958b7691f2ce401",
    ),
    _build_unsplash_picture(
        5,
        name="runner",
        title="Runner and a speed sign",
        author="Guillaume de Germain",
        size=(1649, 1101),
        sha256="28516fed4d3cd3b47e636be44ffbae3b3c51339e4da9c2cb231709990ac1561a",
    ),
    _build_unsplash_picture(
        6,
        name="dry-field",
        title="Woman on a dry field",
        author="Timur Romanov",
        size=(1650, 1100),
        sha256="63189ae8cbea89c4b568dc09a5b479643028c1a73a18bbefe0167da62c68db15",
    ),
)

INSTALLED = (
    KnownPicture("astronaut", "Astronaut", "astronaut.png", "NASA", "Public domain", 512, 512),
    KnownPicture("cat", "Chelsea the cat", "chelsea.png", "Stéfan van der Walt", "CC0", 451, 300),
    KnownPicture("coffee", "Coffee and a spoon", "coffee.png", "Rachel Michetti", "CC0", 600, 400),
    KnownPicture("rocket", "Rocket at night", "rocket.jpg", "SpaceX", "Public domain", 640, 427),
)
"""Files that scikit-image installs with its data."""
