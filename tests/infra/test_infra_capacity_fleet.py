"""Which tasks are on demand, which ones stop first, and what is billed."""

import numpy as np
import pytest

from infra.capacity.simulation import Simulation, TargetTracking
from tests.infra.capacity_runs import build_size, change_inputs

WINDOW = (100.0, 1000.0)


def build_fleet(tasks: int, floor: int = 2) -> Simulation:
    """Build a simulation without edits and with as many idle tasks, launched at once."""
    inputs = change_inputs(provisioning=0.0, pull=0.0, start=0.0)
    policy = TargetTracking(build_size(floor, 20), 2.0, inputs)
    fleet = Simulation((np.array([]), np.array([])), policy, inputs, WINDOW)
    fleet.adjust(tasks, 0.0)
    return fleet


def test_the_floor_is_on_demand_and_the_rest_is_spot() -> None:
    fleet = build_fleet(5)

    assert [task.is_spot for task in fleet.tasks] == [False, False, True, True, True]


def test_a_place_on_the_floor_is_filled_again_on_demand() -> None:
    fleet = build_fleet(5)
    fleet.stop(fleet.tasks[0], 200.0)
    fleet.adjust(5, 200.0)

    assert not fleet.tasks[-1].is_spot


def test_starting_tasks_stop_first_then_the_newest() -> None:
    fleet = build_fleet(4)
    first, second, third, fourth = fleet.tasks
    third.ready_at = third.free_at = 30.0

    fleet.adjust(3, 10.0)
    assert fleet.tasks == [first, second, fourth]

    fleet.adjust(2, 10.0)
    assert fleet.tasks == [first, second]


def test_the_newest_stop_first() -> None:
    fleet = build_fleet(5)
    oldest = fleet.tasks[:3]
    fleet.adjust(3, 10.0)

    assert fleet.tasks == oldest


def test_the_floor_never_stops() -> None:
    fleet = build_fleet(4)
    floor = fleet.tasks[:2]
    fleet.adjust(0, 10.0)

    assert fleet.tasks == floor


def test_only_what_lies_in_the_window_is_billed() -> None:
    fleet = build_fleet(3)
    fleet.stop(fleet.tasks[2], 300.0)
    for task in list(fleet.tasks):
        fleet.stop(task, 5000.0)

    assert fleet.spot_seconds == pytest.approx(200.0)
    assert fleet.on_demand_seconds == pytest.approx(2 * 900.0)


@pytest.mark.parametrize(("end", "billed"), [(210.0, 0.0), (221.0, 60.0), (400.0, 180.0)])
def test_provisioning_is_free_and_a_minute_is_the_least(end: float, billed: float) -> None:
    inputs = change_inputs(provisioning=20.0)
    policy = TargetTracking(build_size(0, 20), 2.0, inputs)
    fleet = Simulation((np.array([]), np.array([])), policy, inputs, WINDOW)
    fleet.adjust(1, 200.0)
    fleet.stop(fleet.tasks[0], end)

    assert fleet.spot_seconds == pytest.approx(billed)
