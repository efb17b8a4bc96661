"""The simulated queue waits as long as queueing theory says where theory has an answer."""

import math

import numpy as np
import pytest

from tests.infra.capacity_runs import simulate_textbook_waits

EDITS = 400_000


def test_one_task_with_exponential_edits() -> None:
    rate = 0.7
    service = np.random.default_rng(1).exponential(1.0, EDITS)

    waits = simulate_textbook_waits(rate, service, tasks=1)

    assert waits.mean() == pytest.approx(rate / (1 - rate), rel=0.05)
    # P(wait > t) = rate · exp(-(1 - rate) t)
    assert np.percentile(waits, 95) == pytest.approx(math.log(rate / 0.05) / (1 - rate), rel=0.05)


def test_one_task_with_edits_that_all_take_as_long() -> None:
    """Pollaczek and Khinchine: half of what exponential edits wait."""
    rate = 0.8

    waits = simulate_textbook_waits(rate, np.ones(EDITS), tasks=1)

    assert waits.mean() == pytest.approx(rate / (2 * (1 - rate)), rel=0.05)


@pytest.mark.parametrize(("tasks", "rate"), [(5, 4.0), (40, 36.0)])
def test_many_tasks(tasks: int, rate: float) -> None:
    service = np.random.default_rng(2).exponential(1.0, EDITS)

    waits = simulate_textbook_waits(rate, service, tasks)

    probability = compute_erlang_c(tasks, rate)
    assert np.mean(waits > 1e-6) == pytest.approx(probability, rel=0.05)
    assert waits.mean() == pytest.approx(probability / (tasks - rate), rel=0.08)


def compute_erlang_c(tasks: int, load: float) -> float:
    """Return the probability that an edit has to wait, by Erlang B's recursion."""
    blocked = 1.0
    for number in range(1, tasks + 1):
        blocked = load * blocked / (number + load * blocked)
    return blocked / (1 - load / tasks * (1 - blocked))


def test_erlang_c_of_one_task_is_its_load() -> None:
    assert compute_erlang_c(1, 0.3) == pytest.approx(0.3)
