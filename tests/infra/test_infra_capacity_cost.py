"""Costs, against a case reckoned by hand."""

import re
from datetime import date

import numpy as np
import pytest

from infra.capacity.cost import fixed_monthly, per_thousand, task_hour
from infra.capacity.fleet import Window
from infra.capacity.inputs import Inputs
from infra.capacity.prices import PRICES, RDS_INSTANCES, Price
from infra.capacity.simulation import Outcome
from infra.config import DEV, ENVIRONMENTS, PROD, Tasks

TASKS = Tasks(cpu=2048, memory=4096, least=2, most=100)


def test_a_task_on_demand() -> None:
    assert task_hour(TASKS) == pytest.approx(2 * 0.04048 + 4 * 0.004445)


def test_a_thousand_edits() -> None:
    outcome = Outcome(
        window=Window(0, 7200),
        waits=np.zeros(2000),
        times_served=[1] * 2000,
        still_waiting=0,
        interruptions=0,
        begun_again=0,
        lost_seconds=0,
        rings=2400,
        idle_seconds=72_000,
        on_demand_seconds=2 * 7200,
        spot_seconds=10 * 7200,
        peak_tasks=12,
    )

    cost = per_thousand(outcome, TASKS, Inputs())

    assert outcome.mean_tasks == 12
    assert cost == {
        "tasks": pytest.approx((2 + 10 * 0.4) * 0.09874),
        "SQS": pytest.approx((1200 * 3 + 3600) / 1e6 * 0.40),
        "S3": pytest.approx(4 * 0.005 + 10 * 0.0004 + 1 * 0.023),
        "detection": pytest.approx(1.00),
    }


def test_what_dev_costs_while_nobody_comes() -> None:
    cost = fixed_monthly(DEV)

    assert cost["database"] == pytest.approx(0.016 * 730 + 20 * 0.115)
    assert cost["NAT gateways"] == pytest.approx(0.05 * 730)
    assert cost["interface endpoints"] == pytest.approx(6 * 0.01 * 730)
    assert cost["least tasks of edits, counted above too"] == pytest.approx(0.09874 * 730)


def test_prod_pays_for_both_zones() -> None:
    cost = fixed_monthly(PROD)

    assert cost["database"] == pytest.approx(2 * (0.168 * 730 + 100 * 0.115))
    assert cost["NAT gateways"] == pytest.approx(2 * 0.05 * 730)


def test_every_database_has_a_price() -> None:
    assert {config.database.instance for config in ENVIRONMENTS.values()} <= RDS_INSTANCES.keys()


@pytest.mark.parametrize("price", PRICES, ids=lambda price: f"{price.name} {price.unit}")
def test_every_price_has_a_date_and_a_source(price: Price) -> None:
    assert price.usd > 0
    assert price.source.startswith("https://")
    assert re.fullmatch(r"\d{4}(-\d\d){0,2}", price.as_of)
    assert 2024 <= int(price.as_of[:4]) <= date.today().year  # noqa: DTZ011
