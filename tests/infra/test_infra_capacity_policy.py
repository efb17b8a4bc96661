"""Target tracking, step by step."""

import pytest

from infra.capacity.simulation import TargetTracking
from tests.infra.capacity_runs import build_size, change_inputs

SIZE = build_size(2, 20)
MINUTE = 60.0


class Minutes:
    """One sample after another, a minute apart, for a target of five messages a task."""

    def __init__(self, **changes: float) -> None:
        self.policy = TargetTracking(SIZE, 5.0, change_inputs(**changes))
        self.now = 0.0

    def add_samples(self, backlog: float, running: int, times: int = 1) -> int:
        """Add the same sample some times, and return how many tasks are wanted."""
        for _ in range(times):
            self.now += MINUTE
            self.policy.decide(self.now, backlog, running)
        return self.policy.wanted


def test_tasks_are_added_after_three_samples_above_the_target() -> None:
    minutes = Minutes()

    assert minutes.add_samples(12, running=2, times=2) == 2
    assert minutes.add_samples(12, running=2) == 5  # 24 messages, 5 a task


def test_a_lower_sample_restarts_the_count() -> None:
    minutes = Minutes()

    minutes.add_samples(12, running=2, times=2)
    minutes.add_samples(5, running=2)

    assert minutes.add_samples(12, running=2, times=2) == 2
    assert minutes.add_samples(12, running=2) == 5


def test_the_next_ones_are_added_after_the_cooldown() -> None:
    minutes = Minutes(cooldown_out=120.0)

    assert minutes.add_samples(12, running=2, times=3) == 5
    assert minutes.add_samples(30, running=2) == 5
    assert minutes.add_samples(30, running=2) == 12


def test_tasks_that_are_still_starting_are_not_removed() -> None:
    minutes = Minutes()
    minutes.add_samples(30, running=2, times=3)

    assert minutes.add_samples(6, running=2) == 12


def test_never_more_than_the_most() -> None:
    assert Minutes().add_samples(1000, running=2, times=3) == SIZE.most


@pytest.mark.parametrize(("backlog", "wanted"), [(4.4, 11), (4.5, 12), (5.0, 12)])
def test_tasks_go_after_fifteen_samples_clearly_below_the_target(
    backlog: float, wanted: int
) -> None:
    minutes = Minutes()
    minutes.add_samples(30, running=2, times=3)

    assert minutes.add_samples(backlog, running=12, times=14) == 12
    assert minutes.add_samples(backlog, running=12) == wanted


def test_the_next_ones_go_after_the_cooldown() -> None:
    minutes = Minutes()
    minutes.add_samples(30, running=2, times=3)
    minutes.add_samples(4, running=12, times=15)
    assert minutes.policy.wanted == 10

    assert minutes.add_samples(2, running=10, times=4) == 10
    assert minutes.add_samples(2, running=10) == 4


def test_never_fewer_than_the_least() -> None:
    minutes = Minutes()
    minutes.add_samples(30, running=2, times=3)

    assert minutes.add_samples(0, running=12, times=15) == SIZE.least
