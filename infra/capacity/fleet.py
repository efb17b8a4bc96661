"""The tasks of the edits workers: who is there, who goes first, and what is billed."""

from dataclasses import dataclass
from enum import Enum, auto

SHORTEST_BILL = 60.0
"""Fargate bills a minute at least."""


class State(Enum):
    """Of a task."""

    STARTING = auto()
    IDLE = auto()
    BUSY = auto()
    GONE = auto()


@dataclass(eq=False, slots=True)
class Task:
    """One worker; it does one edit at a time. A stopping one takes no more."""

    is_spot: bool
    billed_from: float
    state: State = State.STARTING
    is_stopping: bool = False
    edit: int = -1
    edit_since: float = 0.0


@dataclass(frozen=True)
class Window:
    """What counts, in seconds: from when it has warmed up until no more edits come."""

    start: float
    end: float

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.end - self.start

    def overlap(self, start: float, end: float) -> float:
        """How many seconds of that lie in the window."""
        return max(0.0, min(end, self.end) - max(start, self.start))


class Fleet:
    """A floor of tasks on demand, the rest Spot."""

    def __init__(self, floor: int, window: Window) -> None:
        self.idle: dict[Task, None] = {}
        self.busy = 0
        self.on_demand_seconds = self.spot_seconds = 0.0
        self.peak = 0
        self._floor = floor
        self._window = window
        self._tasks: dict[Task, None] = {}

    @property
    def staying(self) -> list[Task]:
        """Those that nobody has told to stop."""
        return [task for task in self._tasks if not task.is_stopping]

    @property
    def running(self) -> int:
        """As ECS counts them: those that are starting are not among them."""
        return sum(task.state is not State.STARTING for task in self._tasks)

    def add(self, now: float, provisioning: float) -> Task:
        """A task that starts; on demand as long as the floor is not full."""
        on_demand = sum(not task.is_spot for task in self.staying)
        task = Task(is_spot=on_demand >= self._floor, billed_from=now + provisioning)
        self._tasks[task] = None
        if self._window.start <= now <= self._window.end:
            self.note_peak()
        return task

    def note_peak(self) -> None:
        """The most that were there at once, those that stop left out."""
        self.peak = max(self.peak, len(self.staying))

    def surplus(self, wanted: int) -> list[Task]:
        """Which ones go when fewer are wanted: starting ones first, then the newest Spot ones.

        ECS does not know who is busy.
        """
        staying = self.staying
        spot = [task for task in reversed(staying) if task.is_spot]
        spot.sort(key=lambda task: task.state is not State.STARTING)
        return spot[: max(0, len(staying) - wanted)]

    def set_state(self, task: Task, state: State) -> None:
        """Move a task on; keeps the counts of the idle and the busy ones."""
        if task.state is State.IDLE:
            del self.idle[task]
        self.busy += (state is State.BUSY) - (task.state is State.BUSY)
        task.state = state
        if state is State.IDLE:
            self.idle[task] = None

    def remove(self, task: Task, now: float) -> None:
        """It has ended; bill it."""
        self.set_state(task, State.GONE)
        del self._tasks[task]
        self._bill(task, now)

    def close(self, now: float) -> None:
        """Bill those that still run."""
        for task in list(self._tasks):
            self.remove(task, now)

    def _bill(self, task: Task, now: float) -> None:
        until = max(now, task.billed_from + SHORTEST_BILL) if now > task.billed_from else now
        seconds = self._window.overlap(task.billed_from, until)
        if task.is_spot:
            self.spot_seconds += seconds
        else:
            self.on_demand_seconds += seconds
