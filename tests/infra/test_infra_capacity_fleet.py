"""Who is on demand, who goes first, and what is billed."""

import pytest

from infra.capacity.fleet import Fleet, State, Task, Window

WINDOW = Window(100.0, 1000.0)


def fleet_of(tasks: int, floor: int = 2) -> tuple[Fleet, list[Task]]:
    fleet = Fleet(floor, WINDOW)
    made = [fleet.add(0.0, 0.0) for _ in range(tasks)]
    for task in made:
        fleet.set_state(task, State.IDLE)
    return fleet, made


def test_the_floor_is_on_demand_and_the_rest_is_spot() -> None:
    _, tasks = fleet_of(5)

    assert [task.is_spot for task in tasks] == [False, False, True, True, True]


def test_a_place_on_the_floor_is_filled_again_on_demand() -> None:
    fleet, tasks = fleet_of(5)
    fleet.remove(tasks[0], 200.0)

    assert not fleet.add(200.0, 0.0).is_spot


def test_starting_tasks_go_first_then_the_newest() -> None:
    fleet, tasks = fleet_of(4)
    starting = fleet.add(10.0, 20.0)

    assert fleet.surplus(3) == [starting, tasks[3]]


def test_the_floor_never_goes() -> None:
    fleet, tasks = fleet_of(4)

    assert fleet.surplus(0) == [tasks[3], tasks[2]]


def test_starting_tasks_are_not_running() -> None:
    fleet, _ = fleet_of(2)
    fleet.add(10.0, 20.0)

    assert fleet.running == 2


def test_only_what_lies_in_the_window_is_billed() -> None:
    fleet, tasks = fleet_of(3)
    fleet.remove(tasks[2], 300.0)
    fleet.close(5000.0)

    assert fleet.spot_seconds == pytest.approx(200.0)
    assert fleet.on_demand_seconds == pytest.approx(2 * 900.0)


@pytest.mark.parametrize(("ended", "billed"), [(210.0, 0.0), (221.0, 60.0), (400.0, 180.0)])
def test_provisioning_is_free_and_a_minute_is_the_least(ended: float, billed: float) -> None:
    fleet = Fleet(0, WINDOW)
    fleet.remove(fleet.add(200.0, provisioning=20.0), ended)

    assert fleet.spot_seconds == pytest.approx(billed)
