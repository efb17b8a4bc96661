"""Limits and costs, against cases that were calculated by hand."""

import re
from datetime import date

import numpy as np
import pytest

from infra.capacity import INPUTS, PRICES
from infra.capacity.costs import (
    compute_edit_costs,
    compute_fixed_costs,
    compute_task_hour,
    find_limits,
    judge_limit,
)
from infra.capacity.simulation import Simulation, TargetTracking, compute_mean_service
from infra.config import DEV, ENVIRONMENTS, PROD
from tests.infra.capacity_runs import build_size

SIZE = build_size(2, 100)


def test_a_task_on_demand() -> None:
    assert compute_task_hour(SIZE) == pytest.approx(2 * 0.04048 + 4 * 0.004445)


def test_a_thousand_edits() -> None:
    policy = TargetTracking(SIZE, 2.0, INPUTS)
    simulation = Simulation((np.zeros(2000), np.zeros(2000)), policy, INPUTS, (0, 7200))
    simulation.restarts = 400
    simulation.on_demand_seconds, simulation.spot_seconds = 2 * 7200.0, 10 * 7200.0

    cost = compute_edit_costs(simulation, PROD, INPUTS)

    assert cost == {
        "tasks of edits": pytest.approx((2 + 10 * 0.4) * 0.09874),
        "tasks of web": pytest.approx(1000 * 0.39 / 0.5 / 3600 * (0.04048 + 4 * 0.004445)),
        "tasks of detection": pytest.approx(1000 / 3600 * (0.04048 + 2 * 0.004445)),
        "Rekognition": pytest.approx(1.00),
        "SQS": pytest.approx((1200 * 3 + 4320) / 1e6 * 0.40),
        "S3": pytest.approx(4 * 0.005 + 10 * 0.0004 + 1 * 0.023),
    }


def test_web_and_detection_are_the_first_limits_of_prod() -> None:
    limits = {limit.name: limit.edits_per_hour for limit in find_limits(PROD, INPUTS)}

    assert limits == {
        "detection: tasks": pytest.approx(20 / 1.0 * 3600),
        "web: CPU of uploads": pytest.approx(10 / 0.39 * 3600),
        "detection: CPU of the local detector": pytest.approx(20 / (2 * 0.36) * 3600),
        "detection: Rekognition's quota": pytest.approx(50 * 3600),
        "edits: tasks": pytest.approx(260 / compute_mean_service(INPUTS) * 3600),
    }
    assert list(limits.values()) == sorted(limits.values())
    assert list(limits)[-1] == "edits: tasks"


@pytest.mark.parametrize(
    ("rate", "verdict"),
    [(300, "yes"), (334, "not in bursts"), (999, "not in bursts"), (1000, "no")],
)
def test_a_limit_is_judged_by_the_mean_rate_and_its_bursts(rate: float, verdict: str) -> None:
    assert judge_limit(1000, rate, INPUTS) == verdict


def test_what_dev_costs_without_users() -> None:
    cost = compute_fixed_costs(DEV, INPUTS)

    assert cost["database"] == pytest.approx(0.016 * 730 + 20 * 0.115)
    assert cost["NAT gateways"] == pytest.approx(0.05 * 730)
    assert cost["interface endpoints"] == pytest.approx(6 * 0.01 * 730)
    assert cost["least tasks of edits, counted above too"] == pytest.approx(0.09874 * 730)


def test_prod_pays_for_both_zones() -> None:
    cost = compute_fixed_costs(PROD, INPUTS)

    assert cost["database"] == pytest.approx(2 * (0.168 * 730 + 100 * 0.115))
    assert cost["NAT gateways"] == pytest.approx(2 * 0.05 * 730)


def test_every_database_has_a_price() -> None:
    assert {config.database.instance for config in ENVIRONMENTS.values()} <= PRICES.keys()


@pytest.mark.parametrize("key", PRICES)
def test_every_price_has_a_date_and_a_source(key: str) -> None:
    _, usd, _, as_of, source = PRICES[key]

    assert usd > 0
    assert source.startswith("https://")
    assert re.fullmatch(r"\d{4}(-\d\d){0,2}", as_of)
    assert 2024 <= int(as_of[:4]) <= date.today().year  # noqa: DTZ011
