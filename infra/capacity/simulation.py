"""A discrete-event simulation of the edits queue, its workers and their scaling."""

import heapq
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from infra.capacity.fleet import Fleet, State, Task, Window
from infra.capacity.inputs import Inputs
from infra.capacity.policy import Scaling, TargetTracking
from infra.capacity.work import HOUR, Seconds, Work

Event = Callable[[float], None]


@dataclass(frozen=True)
class Outcome:
    """What came of it, in the window where the edits are counted.

    Attributes:
        waits: seconds from Remove to running, of each edit.
        times_served: of every edit, in the window or not.
        still_waiting: edits that waited when the window ended.
        begun_again: edits that an interruption took from their worker.
        lost_seconds: that had been worked on them.
        rings: messages that were sent; every one is received and deleted too.
        idle_seconds: of all tasks together, while they ask the queue.
    """

    window: Window
    waits: Seconds
    times_served: list[int]
    still_waiting: int
    interruptions: int
    begun_again: int
    lost_seconds: float
    rings: int
    idle_seconds: float
    on_demand_seconds: float
    spot_seconds: float
    peak_tasks: int

    @property
    def mean_tasks(self) -> float:
        """That are billed."""
        return (self.on_demand_seconds + self.spot_seconds) / self.window.seconds


class Simulation:
    """One run; the same seed gives the same outcome."""

    def __init__(
        self,
        work: Work,
        scaling: Scaling,
        inputs: Inputs,
        window: Window,
        *,
        start_seconds: float,
        ring_seconds: float,
        seed: int,
    ) -> None:
        self._arrivals: list[float] = work.arrivals.tolist()
        self._service: list[float] = work.service.tolist()
        self._scaling, self._inputs, self._window = scaling, inputs, window
        self._start_seconds, self._ring_seconds = start_seconds, ring_seconds
        self._random = np.random.default_rng(seed)
        self._policy = TargetTracking(scaling)
        self._fleet = Fleet(scaling.least, window)
        self._events: list[tuple[float, int, Event]] = []
        self._count = 0
        self._now = 0.0
        self._waiting: deque[int] = deque()
        self._waits = [0.0] * len(self._arrivals)
        self._served = [0] * len(self._arrivals)
        self._leased = 0
        self._rings = 0
        self._idle_seconds = 0.0
        self._still_waiting = 0
        self._interruptions = self._begun_again = 0
        self._lost_seconds = 0.0

    def run(self) -> Outcome:
        """Until every edit has been done."""
        for _ in range(self._scaling.least):
            self._become_ready(self._fleet.add(0.0, 0.0))
        self._at(self._scaling.period, self._sample)
        self._at(self._window.start, lambda _now: self._fleet.note_peak())
        self._at(self._window.end, self._count_waiting)
        coming = iter(enumerate(self._arrivals))
        edit, arrival = next(coming, (-1, float("inf")))
        while edit >= 0 or self._now < self._window.end or self._is_under_way():
            if arrival <= self._events[0][0]:
                self._pass_time(arrival)
                self._ask(edit)
                edit, arrival = next(coming, (-1, float("inf")))
            else:
                time, _, event = heapq.heappop(self._events)
                self._pass_time(time)
                event(time)
        self._fleet.close(self._now)
        return self._outcome()

    def _outcome(self) -> Outcome:
        arrivals = np.array(self._arrivals)
        counted = (arrivals >= self._window.start) & (arrivals < self._window.end)
        return Outcome(
            window=self._window,
            waits=np.array(self._waits)[counted] + self._ring_seconds,
            times_served=self._served,
            still_waiting=self._still_waiting,
            interruptions=self._interruptions,
            begun_again=self._begun_again,
            lost_seconds=self._lost_seconds,
            rings=self._rings,
            idle_seconds=self._idle_seconds,
            on_demand_seconds=self._fleet.on_demand_seconds,
            spot_seconds=self._fleet.spot_seconds,
            peak_tasks=self._fleet.peak,
        )

    def _is_under_way(self) -> bool:
        return bool(self._waiting or self._fleet.busy or self._leased)

    def _at(self, time: float, event: Event) -> None:
        self._count += 1
        heapq.heappush(self._events, (time, self._count, event))

    def _pass_time(self, now: float) -> None:
        self._idle_seconds += len(self._fleet.idle) * self._window.overlap(self._now, now)
        self._now = now

    def _ask(self, edit: int) -> None:
        """Remove is pressed."""
        self._ring()
        if self._fleet.idle:
            self._begin(next(reversed(self._fleet.idle)), edit)
        else:
            self._waiting.append(edit)

    def _ring(self) -> None:
        if self._window.start <= self._now < self._window.end:
            self._rings += 1

    def _begin(self, task: Task, edit: int) -> None:
        self._fleet.set_state(task, State.BUSY)
        task.edit, task.edit_since = edit, self._now
        self._waits[edit] = self._now - self._arrivals[edit]
        self._at(self._now + self._service[edit], partial(self._finish, task))

    def _finish(self, task: Task, now: float) -> None:
        if task.state is State.GONE:
            return
        self._served[task.edit] += 1
        if task.is_stopping:
            self._fleet.remove(task, now)
        else:
            self._take_next(task)

    def _take_next(self, task: Task) -> None:
        if self._waiting:
            self._begin(task, self._waiting.popleft())
        else:
            self._fleet.set_state(task, State.IDLE)

    def _sample(self, now: float) -> None:
        """What CloudWatch sees once a minute, and the alarm a while later."""
        messages = len(self._waiting) + self._fleet.busy
        backlog = messages / max(1, self._fleet.running)
        self._at(now + self._inputs.metric_delay_seconds, partial(self._decide, backlog))
        self._at(now + self._scaling.period, self._sample)

    def _decide(self, backlog: float, now: float) -> None:
        self._policy.decide(now, backlog, max(1, self._fleet.running))
        self._adjust(now)

    def _adjust(self, now: float) -> None:
        """Start or stop as many as are missing or too many."""
        for _ in range(self._policy.wanted - len(self._fleet.staying)):
            self._launch(now)
        for task in self._fleet.surplus(self._policy.wanted):
            self._stop(task, now)

    def _launch(self, now: float) -> None:
        task = self._fleet.add(now, self._inputs.provisioning_seconds)
        self._at(now + self._start_seconds, partial(self._become_ready, task))
        rate = self._inputs.spot_interruptions_per_hour / HOUR
        if task.is_spot and rate:
            life = self._random.exponential(1 / rate)
            self._at(now + life, partial(self._interrupt, task))

    def _become_ready(self, task: Task, _now: float = 0.0) -> None:
        if task.state is State.STARTING:
            self._take_next(task)

    def _stop(self, task: Task, now: float) -> None:
        """SIGTERM: the edit may go on for a while, then it is given back."""
        task.is_stopping = True
        if task.state is State.BUSY:
            self._at(now + self._inputs.stop_seconds, partial(self._kill, task, 0.0))
        else:
            self._fleet.remove(task, now)

    def _interrupt(self, task: Task, now: float) -> None:
        """Spot takes the machine back, and ECS starts another task."""
        if task.state is State.GONE or task.is_stopping:
            return
        self._interruptions += 1
        if self._random.random() < self._inputs.unwarned_share:
            self._kill(task, self._inputs.lease_seconds, now)
        else:
            self._stop(task, now)
        self._adjust(now)

    def _kill(self, task: Task, until_queued: float, now: float) -> None:
        """The task ends; an edit that it was at is queued again, with its old place."""
        if task.state is State.GONE:
            return
        if task.state is State.BUSY:
            self._begun_again += 1
            self._lost_seconds += now - task.edit_since
            self._leased += 1
            self._at(now + until_queued, partial(self._queue_again, task.edit))
        self._fleet.remove(task, now)

    def _queue_again(self, edit: int, _now: float) -> None:
        self._leased -= 1
        self._ring()
        self._waiting.appendleft(edit)
        if self._fleet.idle:
            self._begin(next(reversed(self._fleet.idle)), self._waiting.popleft())

    def _count_waiting(self, _now: float) -> None:
        self._still_waiting = len(self._waiting)
