"""Simulations of the edits queue whose answer is known, or that differ in one thing only."""

import numpy as np

from infra.capacity.fleet import Window
from infra.capacity.inputs import Inputs
from infra.capacity.measured import Measured
from infra.capacity.policy import Scaling
from infra.capacity.simulation import Outcome, Simulation
from infra.capacity.work import Seconds, Work, bursty_work

MEASURED = Measured("PatchMatch", removal={1: 1.0, 12: 2.0}, around=0.5, ring=0.02, start=5.0)
HOUR = 3600.0


def run(
    work: Work,
    scaling: Scaling,
    inputs: Inputs,
    *,
    start_seconds: float = 60.0,
    ring_seconds: float = 0.02,
) -> Outcome:
    """Everything counts, from the first edit to the last."""
    window = Window(0.0, float(work.arrivals[-1]) + 1)
    return Simulation(
        work,
        scaling,
        inputs,
        window,
        start_seconds=start_seconds,
        ring_seconds=ring_seconds,
        seed=3,
    ).run()


def textbook(rate: float, service: Seconds, tasks: int) -> Seconds:
    """Waits with Poisson arrivals and always as many tasks."""
    gaps = np.random.default_rng(7).exponential(1 / rate, len(service))
    work = Work(np.cumsum(gaps), service)
    # A ring must cost a moment; so short a one adds nothing that counts.
    return run(work, Scaling(tasks, tasks, 5.0), Inputs(), ring_seconds=1e-9).waits


def busy_hours(per_hour: float, inputs: Inputs, hours: float = 3) -> Work:
    """Bursty arrivals; the same ones for the same rate and inputs."""
    return bursty_work(per_hour, hours, inputs, MEASURED, seed=11)


def p95(outcome: Outcome) -> float:
    """Of the waits."""
    return float(np.percentile(outcome.waits, 95))
