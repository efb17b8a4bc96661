"""Whether a form of the network gives what the released graph gives."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision.inpainters.hifill_network.contract import SIDE, Network

Inputs = tuple[NDArray[np.float32], NDArray[np.bool_]]
Outputs = tuple[NDArray[np.float32], NDArray[np.float32]]

MOST_IN_PAINTED = 1.0
MOST_IN_ATTENTION = 1 / 255


@dataclass(frozen=True)
class Difference:
    """The largest differences found.

    Attributes:
        painted: in grey levels of 0..255, in the hole: outside it nothing is promised.
        attention: summed over a row's weights. Residuals lie within 255 grey levels, so that 1/255
            moves no pixel by more than one; single weights are too small to tell by.
    """

    painted: float
    attention: float

    @property
    def is_small(self) -> bool:
        """Whether no photo would show it."""
        return self.painted <= MOST_IN_PAINTED and self.attention <= MOST_IN_ATTENTION

    def __str__(self) -> str:
        return f"{self.painted:.3f} grey levels, {self.attention:.2g} in the attention"


def trial_inputs() -> list[Inputs]:
    """Pictures and holes of several kinds: smooth and rough; in the middle, at a rim, large."""
    random = np.random.default_rng(0)
    down, right = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32) / SIDE
    slopes = np.stack([255 * down, 255 * right, 127 * (down + right)], axis=2)
    tiles = random.uniform(0, 255, (16, 16, 3)).repeat(32, axis=0).repeat(32, axis=1)
    noise = random.uniform(0, 255, (SIDE, SIDE, 3))
    stripes = 128 + 100 * np.sin(60 * (right + 0.3 * down))[:, :, np.newaxis].repeat(3, axis=2)
    pictures = [slopes, tiles, noise, stripes, 255 - slopes]
    return [
        (picture.astype(np.float32), hole) for picture, hole in zip(pictures, _holes(), strict=True)
    ]


def _holes() -> list[NDArray[np.bool_]]:
    middle, rim, large, strokes, corner = np.zeros((5, SIDE, SIDE), dtype=np.bool_)
    middle[190:311, 200:320] = True
    rim[400:, :75] = True
    large[60:420, 130:430] = True
    strokes[100:106, 20:500] = strokes[30:480, 333:350] = True
    corner[:9, 500:] = True
    return [middle, rim, large, strokes, corner]


def outputs_of(network: Network) -> list[Outputs]:
    """What the network gives for each of the trial inputs. Raises InpainterFailed."""
    return [network.run(picture, hole) for picture, hole in trial_inputs()]


def difference(given: list[Outputs], expected: list[Outputs]) -> Difference:
    """The largest differences over all trial inputs."""
    holes = [hole for _, hole in trial_inputs()]
    pairs = list(zip(given, expected, holes, strict=True))
    return Difference(
        max(float(np.abs(ours[0] - theirs[0])[hole].max()) for ours, theirs, hole in pairs),
        max(float(np.abs(ours[1] - theirs[1]).sum(axis=1).max()) for ours, theirs, _ in pairs),
    )
