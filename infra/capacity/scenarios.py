"""The rates of the table, each simulated long enough that its percentiles mean something."""

import math
from dataclasses import dataclass, replace

from infra.capacity.fleet import Window
from infra.capacity.inputs import Inputs
from infra.capacity.measured import Measured
from infra.capacity.policy import Scaling
from infra.capacity.simulation import Outcome, Simulation
from infra.capacity.work import HOUR, bursty_work, busy_tasks

SEED = 1
WARM_UP_HOURS = 1
HOURS = {10: 1000, 1_000: 96, 100_000: 12}
"""How long each rate is looked at."""
FULL = 0.8
"""How busy tasks may be in a burst if nobody shall wait for long."""
KEPT_UP = 0.02
"""More of the edits than this still waiting at the end: the tasks do not keep up."""


@dataclass(frozen=True)
class Scenario:
    """One row.

    Attributes:
        busy, busy_in_burst: how many tasks the edits would keep busy.
    """

    per_hour: int
    scaling: Scaling
    busy: float
    busy_in_burst: float
    outcome: Outcome

    @property
    def keeps_up(self) -> str:
        """Whether the most tasks there may be are enough."""
        waiting = self.outcome.still_waiting / len(self.outcome.waits)
        if self.busy >= self.scaling.most or waiting > KEPT_UP:
            return "no"
        return "yes" if self.busy_in_burst < self.scaling.most else "not in bursts"


def scenarios(scaling: Scaling, inputs: Inputs, measured: Measured) -> list[Scenario]:
    """Every rate; once more with as many tasks as it needs where there may not be enough."""
    rows = []
    for per_hour in HOURS:
        _, in_burst = busy_tasks(per_hour, inputs, measured)
        rows.append(simulate(per_hour, scaling, inputs, measured))
        if in_burst >= scaling.most:
            enough = replace(scaling, most=math.ceil(in_burst / FULL))
            rows.append(simulate(per_hour, enough, inputs, measured))
    return rows


def simulate(per_hour: int, scaling: Scaling, inputs: Inputs, measured: Measured) -> Scenario:
    """One rate."""
    hours = HOURS[per_hour] + WARM_UP_HOURS
    simulation = Simulation(
        bursty_work(per_hour, hours, inputs, measured, SEED),
        scaling,
        inputs,
        Window(WARM_UP_HOURS * HOUR, hours * HOUR),
        start_seconds=inputs.provisioning_seconds + inputs.pull_seconds + measured.start,
        ring_seconds=measured.ring,
        seed=SEED,
    )
    busy = busy_tasks(per_hour, inputs, measured)
    return Scenario(per_hour, scaling, *busy, simulation.run())
