"""The tables stand in infra/README.md as the code prints them now."""

import numpy as np
import pytest

from infra.capacity import INPUTS
from infra.capacity.__main__ import (
    END,
    HOURS,
    README,
    START,
    build_document,
    insert_tables,
    simulate,
)
from infra.config import PROD, STOP_SECONDS
from tests.infra.capacity_runs import build_size, change_inputs, compute_p95


def test_the_page_has_what_is_simulated_now() -> None:
    """When it does not: `python -m infra.capacity --write`."""
    page = README.read_text()

    assert page == insert_tables(page, build_document())


def test_the_page_names_web_and_detection_as_the_first_limits() -> None:
    line = README.read_text().split(START)[1].split("\n")[1]

    assert line.startswith("Not enough for 100,000 edits an hour, the first limit first: ")
    assert "web: CPU of uploads (no)" in line
    assert "detection: Rekognition's quota (not in bursts)" in line
    assert "edits: tasks" not in line


def test_every_rate_of_the_requirements_is_simulated() -> None:
    assert list(HOURS) == [10, 1_000, 100_000]


def test_inputs_are_those_of_the_environment() -> None:
    pytest.importorskip("aws_cdk")
    from infra.parts import scaling

    assert INPUTS["stop"] == STOP_SECONDS
    assert INPUTS["cooldown_out"] == scaling.OUT_SECONDS
    assert INPUTS["cooldown_in"] == scaling.IN_SECONDS
    assert INPUTS["web_cpu_share"] == scaling.CPU_PERCENT / 100


def test_the_same_inputs_give_the_same_row() -> None:
    size, target = PROD.workers["edits"], PROD.backlog_per_task["edits"]

    first, second = (simulate(1_000, size, target, INPUTS) for _ in range(2))

    assert np.array_equal(first.waits, second.waits)
    assert first.on_demand_seconds == second.on_demand_seconds


def test_too_few_tasks_do_not_keep_up() -> None:
    slow = change_inputs(fill_1=4.0, fill_12=4.0, burst_factor=2.0)

    assert compute_p95(simulate(1_000, build_size(1, 1), 5.0, slow)) > 3600


@pytest.mark.parametrize("page", ["", START, f"{START}{END}{END}"])
def test_a_page_without_its_markers_is_refused(page: str) -> None:
    with pytest.raises(ValueError, match="once each"):
        insert_tables(page, "tables")


def test_only_what_is_between_the_markers_changes() -> None:
    assert insert_tables(f"a\n{START}\nold\n{END}\nb", "new") == f"a\n{START}\nnew\n{END}\nb"
