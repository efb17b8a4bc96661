"""No edit is lost, and what should make users wait does."""

from dataclasses import replace

import numpy as np
import pytest

from infra.capacity.inputs import Inputs
from infra.capacity.policy import Scaling
from infra.capacity.simulation import Outcome
from infra.capacity.work import Work, bursty_work, busy_tasks, mean_service
from tests.infra.capacity_runs import HOUR, MEASURED, busy_hours, p95, run

INPUTS = Inputs()
SCALING = Scaling(least=1, most=30, target=2.0)
OFTEN = replace(INPUTS, spot_interruptions_per_hour=30.0)


def served(outcome: Outcome) -> set[int]:
    return set(outcome.times_served)


@pytest.mark.parametrize("unwarned", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("stop_seconds", [0.5, 100.0])
def test_every_edit_is_done_once_whatever_is_interrupted(
    unwarned: float, stop_seconds: float
) -> None:
    inputs = replace(OFTEN, unwarned_share=unwarned, stop_seconds=stop_seconds)

    outcome = run(busy_hours(6000, INPUTS), SCALING, inputs)

    assert outcome.interruptions > 20
    assert served(outcome) == {1}


def test_who_is_warned_finishes_a_short_edit() -> None:
    work = busy_hours(6000, INPUTS)

    outcome = run(work, SCALING, replace(OFTEN, unwarned_share=0.0, stop_seconds=100.0))

    assert outcome.interruptions > 20
    assert outcome.begun_again == 0
    assert outcome.lost_seconds == 0


def test_an_edit_that_takes_longer_than_a_stop_is_begun_again() -> None:
    long = Work(np.arange(0.0, 3600.0, 10.0), np.full(360, 90.0))
    inputs = replace(OFTEN, unwarned_share=0.0, stop_seconds=20.0)

    outcome = run(long, SCALING, inputs)

    assert served(outcome) == {1}
    assert outcome.begun_again > 0
    assert outcome.lost_seconds >= outcome.begun_again * inputs.stop_seconds


def test_interruptions_make_users_wait_longer() -> None:
    work = busy_hours(6000, INPUTS)
    calm = run(work, SCALING, replace(INPUTS, spot_interruptions_per_hour=0.0))
    rough = run(work, SCALING, replace(OFTEN, unwarned_share=1.0))

    assert calm.interruptions == 0
    assert rough.waits.mean() > calm.waits.mean()


def test_slow_starts_make_users_wait_longer() -> None:
    work = busy_hours(6000, INPUTS)

    at_once = run(work, SCALING, INPUTS, start_seconds=0.0)
    slowly = run(work, SCALING, INPUTS, start_seconds=180.0)

    assert p95(slowly) > p95(at_once) + 10


def test_an_idle_task_begins_when_it_is_rung() -> None:
    outcome = run(Work(np.array([5.0, 50.0]), np.array([2.0, 2.0])), SCALING, INPUTS)

    assert outcome.waits.tolist() == [0.02, 0.02]


def test_the_same_seed_gives_the_same_outcome() -> None:
    first, second = (run(busy_hours(6000, INPUTS), SCALING, OFTEN) for _ in range(2))

    assert np.array_equal(first.waits, second.waits)
    assert first.spot_seconds == second.spot_seconds
    assert first.lost_seconds == second.lost_seconds


def test_scaling_out_and_in_again() -> None:
    burst = np.linspace(600.0, 1200.0, 3000)
    work = Work(np.concatenate([burst, [3 * HOUR]]), np.full(3001, 2.0))

    outcome = run(work, SCALING, replace(INPUTS, spot_interruptions_per_hour=0.0))

    assert outcome.peak_tasks == SCALING.most
    assert outcome.mean_tasks < SCALING.most / 2


def test_every_edit_rings_once() -> None:
    work = Work(np.array([0.0] * 10 + [100.0]), np.ones(11))

    assert run(work, Scaling(1, 1, 5.0), INPUTS).rings == 11


def test_arrivals_come_at_the_rate_in_bursts() -> None:
    work = bursty_work(1000, 2000, INPUTS, MEASURED, seed=1)

    per_minute = np.bincount((work.arrivals // 60).astype(int))
    assert len(work.arrivals) / 2000 == pytest.approx(1000, rel=0.05)
    assert np.all(np.diff(work.arrivals) >= 0)
    # A Poisson process without bursts would have a variance equal to its mean.
    assert per_minute.var() > 5 * per_minute.mean()


def test_edits_take_what_was_measured() -> None:
    work = bursty_work(1000, 200, INPUTS, MEASURED, seed=1)

    assert work.service.mean() == pytest.approx(mean_service(INPUTS, MEASURED), rel=0.02)
    middle = 0.6 * 1.5 + 0.4 * 2.5
    assert mean_service(replace(INPUTS, spread=0.0), MEASURED) == pytest.approx(middle)


def test_busy_tasks_on_average_and_in_a_burst() -> None:
    flat = replace(INPUTS, spread=0.0)

    assert busy_tasks(3600, flat, MEASURED) == pytest.approx((1.9, 5.7))
