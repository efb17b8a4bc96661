"""The tables stand in infra/README.md as the code prints them now."""

from dataclasses import replace

import numpy as np
import pytest

from infra.capacity.fleet import Window
from infra.capacity.inputs import Inputs
from infra.capacity.measured import Measured
from infra.capacity.policy import Scaling
from infra.capacity.scenarios import HOURS, Scenario, simulate
from infra.capacity.simulation import Outcome
from infra.capacity.table import END, README, START, document, put_into
from infra.config import PROD

OUTCOME = Outcome(
    window=Window(0, 3600),
    waits=np.zeros(1000),
    times_served=[1] * 1000,
    still_waiting=0,
    interruptions=0,
    begun_again=0,
    lost_seconds=0,
    rings=1000,
    idle_seconds=0,
    on_demand_seconds=3600,
    spot_seconds=0,
    peak_tasks=1,
)


def test_the_page_has_what_is_simulated_now() -> None:
    """When it does not: `python -m infra.capacity --write`."""
    page = README.read_text()

    assert page == put_into(page, document())


def test_every_rate_is_asked_of_us() -> None:
    assert list(HOURS) == [10, 1_000, 100_000]


def test_the_same_seed_gives_the_same_row() -> None:
    scaling, inputs, measured = Scaling.of(PROD), Inputs(), Measured.read()

    first, second = (simulate(1_000, scaling, inputs, measured).outcome for _ in range(2))

    assert np.array_equal(first.waits, second.waits)
    assert first.on_demand_seconds == second.on_demand_seconds


@pytest.mark.parametrize(
    ("busy", "in_burst", "waiting", "told"),
    [
        (50, 80, 0, "yes"),
        (50, 80, 20, "yes"),
        (50, 80, 21, "no"),
        (50, 150, 0, "not in bursts"),
        (100, 300, 0, "no"),
    ],
)
def test_saturation_is_told(busy: float, in_burst: float, waiting: int, told: str) -> None:
    outcome = replace(OUTCOME, still_waiting=waiting)

    assert Scenario(1, Scaling(1, 100, 5.0), busy, in_burst, outcome).keeps_up == told


def test_too_few_tasks_do_not_keep_up() -> None:
    row = simulate(1_000, Scaling(1, 1, 5.0), Inputs(burst_factor=2.0), slow())

    assert row.busy > 1
    assert row.keeps_up == "no"
    assert row.outcome.still_waiting > 100


def slow() -> Measured:
    return replace(Measured.read(), removal={1: 4.0, 12: 4.0})


@pytest.mark.parametrize("page", ["", START, f"{START}{END}{END}"])
def test_a_page_without_its_markers_is_refused(page: str) -> None:
    with pytest.raises(ValueError, match="once each"):
        put_into(page, "tables")


def test_only_what_is_between_the_markers_changes() -> None:
    assert put_into(f"a\n{START}\nold\n{END}\nb", "new") == f"a\n{START}\nnew\n{END}\nb"
