"""The proof that the ONNX model computes what the released graph computes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision.inpainters.hifill_network.contract import SIDE, Network

Inputs = tuple[NDArray[np.float32], NDArray[np.bool_]]
Results = tuple[NDArray[np.float32], NDArray[np.float32]]

MAX_PIXEL_DIFFERENCE = 1.0
MAX_ATTENTION_DIFFERENCE = 1 / 255


@dataclass(frozen=True)
class Difference:
    """The largest differences between two networks.

    Attributes:
        pixels: in grey levels of 0..255, inside the hole, because outside it nothing is defined.
        attention: sum of the differences in one row. Residuals lie within 255 grey levels, so
            1/255 moves no pixel by more than one level; single weights are too small to judge by.
    """

    pixels: float
    attention: float

    @property
    def is_small(self) -> bool:
        """Whether no photo shows the difference."""
        return self.pixels <= MAX_PIXEL_DIFFERENCE and self.attention <= MAX_ATTENTION_DIFFERENCE

    def __str__(self) -> str:
        return f"{self.pixels:.3f} grey levels, {self.attention:.2g} in the attention"


def build_proof_inputs() -> list[Inputs]:
    """Return five pictures with holes: smooth and rough; in the middle, at an edge, large, thin."""
    random = np.random.default_rng(0)
    down, right = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32) / SIDE
    slopes = np.stack([255 * down, 255 * right, 127 * (down + right)], axis=2)
    tiles = random.uniform(0, 255, (16, 16, 3)).repeat(32, axis=0).repeat(32, axis=1)
    noise = random.uniform(0, 255, (SIDE, SIDE, 3))
    stripes = 128 + 100 * np.sin(60 * (right + 0.3 * down))[:, :, np.newaxis].repeat(3, axis=2)
    pictures = [slopes, tiles, noise, stripes, 255 - slopes]
    pairs = zip(pictures, _build_holes(), strict=True)
    return [(picture.astype(np.float32), hole) for picture, hole in pairs]


def _build_holes() -> list[NDArray[np.bool_]]:
    middle, edge, large, strokes, corner = np.zeros((5, SIDE, SIDE), dtype=np.bool_)
    middle[190:311, 200:320] = True
    edge[400:, :75] = True
    large[60:420, 130:430] = True
    strokes[100:106, 20:500] = strokes[30:480, 333:350] = True
    corner[:9, 500:] = True
    return [middle, edge, large, strokes, corner]


def run_proof_inputs(network: Network) -> list[Results]:
    """Run the network on each of the proof's inputs. Raise InpainterFailed if it fails."""
    return [network.run(picture, hole) for picture, hole in build_proof_inputs()]


def measure_difference(results: list[Results], expected: list[Results]) -> Difference:
    """Return the largest differences over all inputs of the proof."""
    holes = [hole for _, hole in build_proof_inputs()]
    pairs = list(zip(results, expected, holes, strict=True))
    return Difference(
        max(float(np.abs(ours[0] - theirs[0])[hole].max()) for ours, theirs, hole in pairs),
        max(float(np.abs(ours[1] - theirs[1]).sum(axis=1).max()) for ours, theirs, _ in pairs),
    )
