"""What the edits of an environment cost and how long users wait, from the data of inputs.toml."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

Inputs = Mapping[str, float]
_DATA = tomllib.loads(Path(__file__).with_name("inputs.toml").read_text())
INPAINTER: str = _DATA["inpainter"]
INPUTS: Inputs = _DATA["measured"] | _DATA["assumed"]
PRICES: Mapping[str, tuple[str, float, str, str, str]] = _DATA["prices"]
USD: Mapping[str, float] = {key: usd for key, (_, usd, *_) in PRICES.items()}
