"""The CPU time of the commands for photo files before they open the first one."""

import resource
import subprocess
import sys
from statistics import median

from benchmarks.vision.files import ROOT

TIMES = 5
MOST_SECONDS = 1.0
COMMANDS = {
    "`python -m vision`": ("-P", "-m", "vision", "--help"),
    "`manage.py vanish`": ("manage.py", "vanish", "--help"),
}
ABOUT = f"""CPU seconds of the command with `--help`, child processes included: medians of {TIMES}.
At most {MOST_SECONDS:.0f} s is the target."""


def measure() -> str:
    """Measure both commands, and return the section's text."""
    lines = ["| command | CPU | target |", "|---|---|---|"]
    for name, arguments in COMMANDS.items():
        seconds = median(_measure_cpu(arguments) for _ in range(TIMES))
        state = "met" if seconds <= MOST_SECONDS else "**missed**"
        lines.append(f"| {name} | {seconds:.2f} s | {state} |")
    return "\n".join([ABOUT, "", *lines])


def _measure_cpu(arguments: tuple[str, ...]) -> float:
    before = _read_cpu_of_children()
    subprocess.run([sys.executable, *arguments], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    return _read_cpu_of_children() - before


def _read_cpu_of_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
