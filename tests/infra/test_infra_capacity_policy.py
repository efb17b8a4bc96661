"""Target tracking, step by step."""

from dataclasses import replace

import pytest

from infra.capacity.policy import Scaling, TargetTracking
from infra.config import PROD

SCALING = Scaling(least=2, most=20, target=5.0)
MINUTE = 60.0


class Minutes:
    """One sample after another, a minute apart."""

    def __init__(self, scaling: Scaling = SCALING) -> None:
        self.policy = TargetTracking(scaling)
        self.now = 0.0

    def pass_with(self, backlog: float, running: int, times: int = 1) -> int:
        for _ in range(times):
            self.now += MINUTE
            self.policy.decide(self.now, backlog, running)
        return self.policy.wanted


def test_it_is_what_the_environment_says() -> None:
    scaling = Scaling.of(PROD)

    edits = PROD.workers["edits"]
    assert (scaling.least, scaling.most) == (edits.least, edits.most)
    assert scaling.target == PROD.backlog_per_task["edits"]


def test_tasks_are_added_after_three_samples_above_the_target() -> None:
    minutes = Minutes()

    assert minutes.pass_with(12, running=2, times=2) == 2
    assert minutes.pass_with(12, running=2) == 5  # 24 messages, 5 a task


def test_a_sample_between_that_is_not_above_begins_anew() -> None:
    minutes = Minutes()

    minutes.pass_with(12, running=2, times=2)
    minutes.pass_with(5, running=2)

    assert minutes.pass_with(12, running=2, times=2) == 2
    assert minutes.pass_with(12, running=2) == 5


def test_the_next_ones_are_added_after_the_cooldown() -> None:
    minutes = Minutes(replace(SCALING, cooldown_out=120))

    assert minutes.pass_with(12, running=2, times=3) == 5
    assert minutes.pass_with(30, running=2) == 5
    assert minutes.pass_with(30, running=2) == 12


def test_tasks_that_are_still_starting_are_not_taken_back() -> None:
    minutes = Minutes()
    minutes.pass_with(30, running=2, times=3)

    assert minutes.pass_with(6, running=2) == 12


def test_never_more_than_the_most() -> None:
    assert Minutes().pass_with(1000, running=2, times=3) == SCALING.most


@pytest.mark.parametrize(("backlog", "wanted"), [(4.4, 11), (4.5, 12), (5.0, 12)])
def test_tasks_go_after_fifteen_samples_clearly_below_the_target(
    backlog: float, wanted: int
) -> None:
    minutes = Minutes()
    minutes.pass_with(30, running=2, times=3)

    assert minutes.pass_with(backlog, running=12, times=14) == 12
    assert minutes.pass_with(backlog, running=12) == wanted


def test_the_next_ones_go_after_the_cooldown() -> None:
    minutes = Minutes()
    minutes.pass_with(30, running=2, times=3)
    minutes.pass_with(4, running=12, times=15)
    assert minutes.policy.wanted == 10

    assert minutes.pass_with(2, running=10, times=4) == 10
    assert minutes.pass_with(2, running=10) == 4


def test_never_fewer_than_the_least() -> None:
    minutes = Minutes()
    minutes.pass_with(30, running=2, times=3)

    assert minutes.pass_with(0, running=12, times=15) == SCALING.least
