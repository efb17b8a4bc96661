"""The edits that come: when, and how long each takes."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from infra.capacity.inputs import Inputs
from infra.capacity.measured import Measured

HOUR = 3600.0
Seconds = NDArray[np.float64]


@dataclass(frozen=True)
class Work:
    """Edits in the order they come: when each is asked for, and what each takes, in seconds."""

    arrivals: Seconds
    service: Seconds


def bursty_work(
    per_hour: float, hours: float, inputs: Inputs, measured: Measured, seed: int
) -> Work:
    """Arrivals at random whose rate goes up in bursts that begin and end at random."""
    random = np.random.default_rng(seed)
    arrivals = _arrivals(per_hour / HOUR, hours * HOUR, inputs, random)
    return Work(arrivals, _service(len(arrivals), inputs, measured, random))


def mean_service(inputs: Inputs, measured: Measured) -> float:
    """Of one edit, in seconds."""
    middle = inputs.small_share * _middle(measured, 1)
    middle += (1 - inputs.small_share) * _middle(measured, 12)
    return middle * math.exp(inputs.spread**2 / 2)


def busy_tasks(per_hour: float, inputs: Inputs, measured: Measured) -> tuple[float, float]:
    """How many tasks the edits keep busy, on average and while a burst lasts."""
    mean = per_hour / HOUR * mean_service(inputs, measured)
    return mean, mean * inputs.burst_factor


def _middle(measured: Measured, megapixels: int) -> float:
    return measured.removal[megapixels] + measured.around


def _service(
    count: int, inputs: Inputs, measured: Measured, random: np.random.Generator
) -> Seconds:
    is_small = random.random(count) < inputs.small_share
    middle = np.where(is_small, _middle(measured, 1), _middle(measured, 12))
    return np.asarray(middle * random.lognormal(0.0, inputs.spread, count), dtype=np.float64)


def _arrivals(rate: float, end: float, inputs: Inputs, random: np.random.Generator) -> Seconds:
    """A Poisson process that a two-state Markov chain modulates; outside bursts, what is left."""
    share, factor = inputs.burst_share, inputs.burst_factor
    quiet = rate * (1 - share * factor) / (1 - share)
    quiet_seconds = inputs.burst_seconds * (1 - share) / share
    parts, start, is_burst = [], 0.0, False
    while start < end:
        length = random.exponential(inputs.burst_seconds if is_burst else quiet_seconds)
        length = min(length, end - start)
        count = random.poisson((rate * factor if is_burst else quiet) * length)
        parts.append(start + np.sort(random.random(count)) * length)
        start, is_burst = start + length, not is_burst
    return np.concatenate(parts)
