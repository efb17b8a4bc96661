"""The table of the networks that fill a hole in one run: contracts.toml."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

TABLE = Path(__file__).with_name("contracts.toml")
SIDE = 512
"""Pixels along each side of a network's pictures."""


@dataclass(frozen=True)
class Contract:
    """What a network takes and returns; contracts.toml explains the fields."""

    name: str
    title: str
    file: str
    paper: str
    channels: str
    type: str
    white: int
    hole: int
    keep: int

    def to_inputs(
        self, picture: NDArray[np.uint8], hole: NDArray[np.bool_]
    ) -> dict[str, NDArray[Any]]:
        """Return the values of the inputs `image` and `mask`.

        Args:
            picture: [512,512,3] uint8 RGB.
            hole: [512,512] bool.
        """
        planes = np.moveaxis(self._swap_channels(picture), 2, 0)[np.newaxis]
        dtype = np.dtype(self.type)
        values = planes.astype(dtype)
        if self.white != 255:
            values = values * dtype.type(self.white / 255)
        mask = np.where(hole, self.hole, self.keep).astype(dtype)
        return {"image": np.ascontiguousarray(values), "mask": mask[np.newaxis, np.newaxis]}

    def to_picture(self, result: NDArray[Any]) -> NDArray[np.uint8]:
        """Return the first output as [512,512,3] uint8 RGB.

        Raises ValueError if its shape or its numbers are wrong; the message says how.
        """
        values = np.asarray(result)
        if values.shape != (1, 3, SIDE, SIDE) or values.dtype.kind not in "fui":
            raise ValueError(
                f"its result is {values.shape} {values.dtype}, not (1, 3, {SIDE}, {SIDE}) numbers"
            )
        if not np.isfinite(values).all():
            raise ValueError("its result holds numbers that are not finite")
        levels = np.clip(np.rint(values[0]), 0, 255).astype(np.uint8)
        return np.ascontiguousarray(self._swap_channels(np.moveaxis(levels, 0, 2)))

    def _swap_channels(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        return picture[:, :, ::-1] if self.channels == "BGR" else picture


def read_contracts(path: Path = TABLE) -> dict[str, Contract]:
    """Return the contracts of a table like contracts.toml by name, in the table's order.

    Raises OSError, tomllib.TOMLDecodeError, and TypeError for a field that is unknown or missing.
    """
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: Contract(name=name, **fields) for name, fields in table.items()}


CONTRACTS = read_contracts()
