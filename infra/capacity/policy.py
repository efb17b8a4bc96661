"""AWS's target tracking of the backlog per task, as far as AWS tells how it decides."""

import math
from collections import deque
from dataclasses import dataclass
from typing import Self

from infra.config import Config


@dataclass(frozen=True)
class Scaling:
    """What scaling aims at, and its alarms.

    Attributes:
        least, most: tasks.
        target: messages, waiting and being worked on, that a running task may have.
        period: seconds from one sample to the next.
        samples_out: above the target, one after another, before tasks are added.
        samples_in: below the lower bound before tasks are removed.
        lower_bound: where scaling in begins, as a share of the target.
        cooldown_out, cooldown_in: seconds from one change to the next of its kind.
    """

    least: int
    most: int
    target: float
    period: float = 60.0
    samples_out: int = 3
    samples_in: int = 15
    lower_bound: float = 0.9
    cooldown_out: float = 60.0
    cooldown_in: float = 300.0

    @classmethod
    def of(cls, config: Config) -> Self:
        """The edits workers of an environment."""
        tasks = config.workers["edits"]
        return cls(tasks.least, tasks.most, config.backlog_per_task["edits"])


class TargetTracking:
    """Decides how many tasks there shall be, from one sample to the next."""

    def __init__(self, scaling: Scaling) -> None:
        self.wanted = scaling.least
        self._scaling = scaling
        self._samples: deque[float] = deque(maxlen=scaling.samples_in)
        self._last_out = self._last_in = -math.inf

    def decide(self, now: float, backlog_per_task: float, running: int) -> int:
        """Take the next sample in; returns how many tasks are wanted from now on.

        Tasks are added and removed in proportion: AWS scales in “more gradually”, but does not
        say how, so the worst is taken.
        """
        scaling = self._scaling
        self._samples.append(backlog_per_task)
        fitting = math.ceil(running * backlog_per_task / scaling.target)
        fitting = min(max(fitting, scaling.least), scaling.most)
        if fitting > self.wanted and self._is_high() and now >= self._last_out:
            self.wanted, self._last_out = fitting, now + scaling.cooldown_out
        elif fitting < self.wanted and self._is_low() and now >= self._last_in:
            self.wanted, self._last_in = fitting, now + scaling.cooldown_in
        return self.wanted

    def _is_high(self) -> bool:
        last = list(self._samples)[-self._scaling.samples_out :]
        is_full = len(last) == self._scaling.samples_out
        return is_full and min(last) > self._scaling.target

    def _is_low(self) -> bool:
        bound = self._scaling.target * self._scaling.lower_bound
        return len(self._samples) == self._scaling.samples_in and max(self._samples) < bound
