"""Simulations of the edits queue whose answer is known, or that differ in one thing only."""

from collections.abc import Mapping

import numpy as np

from infra.capacity import INPUTS, Inputs
from infra.capacity.simulation import Edits, Seconds, Simulation, TargetTracking, build_edits
from infra.config import Tasks

HOUR = 3600.0
SECONDS = {"fill_1": 1.0, "fill_12": 2.0, "upload": 0.5, "message": 0.02, "start": 5.0}
PULL = {"provisioning": 20.0, "pull": 35.0}
CALM = {"interruptions_per_hour": 0.0}


def change_inputs(**changes: float) -> Inputs:
    """Return inputs with round measured seconds and a start of a minute, and these changes."""
    return {**INPUTS, **SECONDS, **PULL, **changes}


def build_size(least: int, most: int) -> Tasks:
    """Build the size of a service with two cores a task."""
    return Tasks(cpu=2048, memory=4096, least=least, most=most)


def run_simulation(
    edits: Edits, size: Tasks, target: float = 2.0, changes: Mapping[str, float] | None = None
) -> Simulation:
    """Run a simulation in which everything counts, from the first edit to the last."""
    inputs = change_inputs(**(changes or {}))
    window = (0.0, float(edits[0][-1]) + 1)
    return Simulation(edits, TargetTracking(size, target, inputs), inputs, window).run()


def simulate_textbook_waits(rate: float, service: Seconds, tasks: int) -> Seconds:
    """Return the waits with Poisson arrivals and always as many tasks."""
    gaps = np.random.default_rng(7).exponential(1 / rate, len(service))
    edits = np.cumsum(gaps), service
    return run_simulation(edits, build_size(tasks, tasks), changes={"message": 0.0}).waits


def build_busy_hours(per_hour: float, hours: float = 3) -> Edits:
    """Build bursty edits; the same ones for the same rate."""
    return build_edits(per_hour, hours, change_inputs(), seed=11)


def compute_p95(simulation: Simulation) -> float:
    """Return the 95th percentile of the waits."""
    return float(np.percentile(simulation.waits, 95))
