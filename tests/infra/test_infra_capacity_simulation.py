"""No edit is lost, and what should make users wait does."""

import numpy as np
import pytest

from infra.capacity.simulation import build_edits, compute_mean_service
from tests.infra.capacity_runs import (
    CALM,
    HOUR,
    build_busy_hours,
    build_size,
    change_inputs,
    compute_p95,
    run_simulation,
)

SIZE = build_size(1, 30)
OFTEN = {"interruptions_per_hour": 30.0}


@pytest.mark.parametrize("unwarned", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("stop", [0.5, 100.0])
def test_every_edit_is_done_once_whatever_is_interrupted(unwarned: float, stop: float) -> None:
    changes = {**OFTEN, "unwarned_share": unwarned, "stop": stop}

    simulation = run_simulation(build_busy_hours(6000), SIZE, changes=changes)

    assert simulation.interruptions > 20
    assert set(simulation.times_served) == {1}


def test_edits_that_are_warned_lose_nothing() -> None:
    changes = {**OFTEN, "unwarned_share": 0.0, "stop": 100.0}

    simulation = run_simulation(build_busy_hours(6000), SIZE, changes=changes)

    assert simulation.interruptions > 20
    assert simulation.restarts == 0
    assert simulation.lost_seconds == 0


def test_an_edit_that_takes_longer_than_a_stop_is_begun_again() -> None:
    long = np.arange(0.0, 3600.0, 10.0), np.full(360, 90.0)
    changes = {**OFTEN, "unwarned_share": 0.0, "stop": 20.0}

    simulation = run_simulation(long, SIZE, changes=changes)

    assert set(simulation.times_served) == {1}
    assert simulation.restarts > 0
    assert simulation.lost_seconds >= simulation.restarts * 20.0


def test_interruptions_make_users_wait_longer() -> None:
    edits = build_busy_hours(6000)
    calm = run_simulation(edits, SIZE, changes=CALM)
    rough = run_simulation(edits, SIZE, changes={**OFTEN, "unwarned_share": 1.0})

    assert calm.interruptions == 0
    assert rough.waits.mean() > calm.waits.mean()


def test_slow_starts_make_users_wait_longer() -> None:
    edits = build_busy_hours(6000)

    at_once = run_simulation(edits, SIZE, changes={"provisioning": 0.0, "pull": 0.0, "start": 0.0})
    slowly = run_simulation(edits, SIZE, changes={"pull": 155.0})

    assert compute_p95(slowly) > compute_p95(at_once) + 10


def test_an_idle_task_begins_when_its_message_arrives() -> None:
    simulation = run_simulation((np.array([5.0, 50.0]), np.array([2.0, 2.0])), SIZE)

    assert simulation.waits.tolist() == [0.02, 0.02]


def test_a_starting_task_takes_no_edit() -> None:
    edits = np.array([0.0] * 100 + [2 * HOUR]), np.full(101, 60.0)

    simulation = run_simulation(edits, SIZE, changes=CALM)

    # Three samples above the target, seen a minute late, and a minute to start.
    begins = simulation.waits[:100] - 0.02
    assert np.sum(begins < 300.0) == 5
    assert begins[5] == pytest.approx(300.0)


def test_the_same_inputs_give_the_same_outcome() -> None:
    runs = [run_simulation(build_busy_hours(6000), SIZE, changes=OFTEN) for _ in range(2)]

    assert np.array_equal(runs[0].waits, runs[1].waits)
    assert runs[0].spot_seconds == runs[1].spot_seconds
    assert runs[0].lost_seconds == runs[1].lost_seconds


def test_scaling_out_and_in_again() -> None:
    burst = np.linspace(600.0, 1200.0, 3000)
    edits = np.concatenate([burst, [3 * HOUR]]), np.full(3001, 2.0)

    simulation = run_simulation(edits, SIZE, changes=CALM)

    billed = simulation.on_demand_seconds + simulation.spot_seconds
    assert simulation.peak_tasks == SIZE.most
    assert billed / (3 * HOUR) < SIZE.most / 2


def test_arrivals_come_at_the_rate_in_bursts() -> None:
    arrivals, _ = build_edits(1000, 2000, change_inputs())

    per_minute = np.bincount((arrivals // 60).astype(int))
    assert len(arrivals) / 2000 == pytest.approx(1000, rel=0.05)
    assert np.all(np.diff(arrivals) >= 0)
    # A Poisson process without bursts would have a variance equal to its mean.
    assert per_minute.var() > 5 * per_minute.mean()


def test_edits_take_what_was_measured() -> None:
    _, service = build_edits(1000, 200, change_inputs())

    assert service.mean() == pytest.approx(compute_mean_service(change_inputs()), rel=0.02)
    middle = 0.6 * 1.5 + 0.4 * 2.5
    assert compute_mean_service(change_inputs(spread=0.0)) == pytest.approx(middle)
