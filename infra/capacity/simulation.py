"""A simulation of the edits queue, its tasks on Fargate and their scaling. Times are seconds."""

import heapq
import math
from bisect import bisect_left, insort
from collections import deque
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from infra.capacity import Inputs
from infra.config import Tasks

HOUR = 3600.0
Seconds = NDArray[np.float64]
Edits = tuple[Seconds, Seconds]  # when each edit arrives, in order; how long each one takes


@dataclass(eq=False, slots=True)
class Task:
    """A worker that does one edit at a time: the last one from `begun_at` to `free_at`."""

    is_spot: bool
    billed_from: float
    ready_at: float
    free_at: float
    begun_at: float = 0.0
    edit: int | None = None


def build_edits(rate: float, hours: float, inputs: Inputs, seed: int = 1) -> Edits:
    """Build so many edits an hour: a Poisson process whose rate is higher in random bursts."""
    random = np.random.default_rng(seed)
    share, factor, length = (inputs[f"burst_{key}"] for key in ("share", "factor", "length"))
    calm = (1 - share * factor) / (1 - share), length * (1 - share) / share
    parts, start = list[Seconds](), 0.0
    while start < hours * HOUR:
        times_rate, mean_length = (factor, length) if len(parts) % 2 else calm
        end = min(start + random.exponential(mean_length), hours * HOUR)
        count = random.poisson(rate / HOUR * times_rate * (end - start))
        parts.append(np.sort(random.uniform(start, end, count)))
        start = end
    arrivals = np.concatenate(parts)
    is_small = random.random(len(arrivals)) < inputs["small_share"]
    typical = np.where(is_small, inputs["fill_1"], inputs["fill_12"]) + inputs["upload"]
    return arrivals, typical * random.lognormal(0.0, inputs["spread"], len(arrivals))


def compute_mean_service(inputs: Inputs) -> float:
    """Return the mean seconds of an edit."""
    small = inputs["small_share"]
    typical = small * inputs["fill_1"] + (1 - small) * inputs["fill_12"] + inputs["upload"]
    return typical * math.exp(inputs["spread"] ** 2 / 2)


class TargetTracking:
    """AWS's target tracking: how many tasks are wanted, for so many messages for each one."""

    def __init__(self, size: Tasks, target: float, inputs: Inputs) -> None:
        self.wanted = size.least
        self._size, self._target, self._inputs = size, target, inputs
        self._samples: deque[float] = deque(maxlen=int(inputs["samples_in"]))
        self._next_out = self._next_in = -math.inf

    def decide(self, now: float, backlog: float, running: int) -> int:
        """Add a sample of the messages for each running task, and return how many are wanted."""
        inputs, target, samples = self._inputs, self._target, self._samples
        samples.append(backlog)
        last = list(samples)[-int(inputs["samples_out"]) :]
        is_high = len(last) == inputs["samples_out"] and min(last) > target
        is_low = len(samples) == samples.maxlen and max(samples) < target * inputs["lower_bound"]
        # AWS removes tasks “more gradually”, but does not say how: in proportion is the worst case.
        wanted = math.ceil(running * backlog / target)
        wanted = min(max(wanted, self._size.least), self._size.most)
        if wanted > self.wanted and is_high and now >= self._next_out:
            self.wanted, self._next_out = wanted, now + inputs["cooldown_out"]
        elif wanted < self.wanted and is_low and now >= self._next_in:
            self.wanted, self._next_in = wanted, now + inputs["cooldown_in"]
        return self.wanted


class Simulation:
    """A run of some tasks on demand and others on Spot, of which the time in the window counts."""

    def __init__(
        self, edits: Edits, policy: TargetTracking, inputs: Inputs, window: tuple[float, float]
    ) -> None:
        self.tasks: list[Task] = []  # without those that stop; the oldest first
        self.waits = np.zeros(len(edits[0]))  # from Remove to running
        self.times_served = [0] * len(edits[0])
        self.on_demand_seconds = self.spot_seconds = self.lost_seconds = 0.0
        self.interruptions = self.restarts = self.peak_tasks = 0
        self._arrivals, self._service = edits[0].tolist(), edits[1].tolist()
        self._waiting = deque((arrival, edit) for edit, arrival in enumerate(self._arrivals))
        self._policy, self._floor = policy, policy.wanted
        self._inputs, self._window = inputs, window
        self._random = np.random.default_rng(1)

    def run(self) -> Self:
        """Simulate until every edit is done."""
        now, busy, backlog = 0.0, 0, 0.0
        self.adjust(self._floor, -math.inf)
        while now < self._window[1] or self._waiting or busy:
            now += self._inputs["sample"]
            self._serve(now)
            self._interrupt(now)
            waiting = bisect_left(self._arrivals, now) - len(self._arrivals) + len(self._waiting)
            running = max(1, sum(task.ready_at <= now for task in self.tasks))
            wanted = self._policy.decide(now, backlog, running)
            busy = sum(task.edit is not None and task.free_at > now for task in self.tasks)
            backlog = (waiting + busy) / running
            self.adjust(wanted, now)
        for task in list(self.tasks):
            self.stop(task, now)
        self.waits = self.waits[slice(*np.searchsorted(self._arrivals, self._window))]
        return self

    def adjust(self, wanted: int, now: float) -> None:
        """Launch the missing tasks, or stop Spot ones: starting ones first, then the newest."""
        for _ in range(wanted - len(self.tasks)):
            is_spot = sum(not task.is_spot for task in self.tasks) >= self._floor
            billed_from = now + self._inputs["provisioning"]
            ready_at = billed_from + self._inputs["pull"] + self._inputs["start"]
            self.tasks.append(Task(is_spot, billed_from, ready_at, ready_at))
        spot = [task for task in reversed(self.tasks) if task.is_spot]
        spot.sort(key=lambda task: task.ready_at <= now)
        for task in spot[: max(0, len(self.tasks) - wanted)]:
            self.stop(task, now, self._inputs["stop"])
        self.peak_tasks = max(self.peak_tasks, len(self.tasks))

    def stop(self, task: Task, now: float, notice: float = 0.0, delay: float = 0.0) -> None:
        """Stop and bill a task; an edit that the notice is too short for waits again, later."""
        self.tasks.remove(task)
        end = now if task.edit is None else min(max(now, task.free_at), now + notice)
        if task.edit is not None and task.free_at > end:
            self.times_served[task.edit] -= 1
            self.restarts += 1
            self.lost_seconds += end - task.begun_at
            insort(self._waiting, (end + delay, task.edit))
        if end > task.billed_from:
            end = max(end, task.billed_from + self._inputs["shortest_bill"])
        seconds = min(end, self._window[1]) - max(task.billed_from, self._window[0])
        self.spot_seconds += max(0.0, seconds) * task.is_spot
        self.on_demand_seconds += max(0.0, seconds) * (not task.is_spot)

    def _serve(self, until: float) -> None:
        """Begin the waiting edits, in order, in the tasks that are free before that time."""
        free = [(task.free_at, place) for place, task in enumerate(self.tasks)]
        heapq.heapify(free)
        while self._waiting and (begun_at := max(free[0][0], self._waiting[0][0])) < until:
            (_, edit), place = self._waiting.popleft(), free[0][1]
            free_at, task = begun_at + self._service[edit], self.tasks[place]
            task.edit, task.begun_at, task.free_at = edit, begun_at, free_at
            self.waits[edit] = begun_at - self._arrivals[edit] + self._inputs["message"]
            self.times_served[edit] += 1
            heapq.heapreplace(free, (free_at, place))

    def _interrupt(self, now: float) -> None:
        """Stop some Spot tasks, with a notice or without, as AWS does."""
        rate = self._inputs["interruptions_per_hour"] * self._inputs["sample"] / HOUR
        for task in [task for task in self.tasks if task.is_spot]:
            if self._random.random() < 1 - math.exp(-rate):
                self.interruptions += 1
                is_warned = self._random.random() >= self._inputs["unwarned_share"]
                notice = (self._inputs["stop"], 0.0) if is_warned else (0.0, self._inputs["lease"])
                self.stop(task, now, *notice)
