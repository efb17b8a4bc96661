"""HiFill's network in every form: seconds a run, seconds to load, and memory."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.vision import speed
from benchmarks.vision.files import CASES
from benchmarks.vision.network_alone import CHOSEN, RUNS, SHARES, Measured
from benchmarks.vision.network_alone import measure as measured
from vision.inpainters.hifill_network.conversion import (
    StepsAside,
    converted,
    variants_for,
)
from vision.inpainters.hifill_network.forms import LITERT, ONNX, PLAIN, Form
from vision.inpainters.hifill_network.rewriting.rewrite import Variant
from vision.inpainters.hifill_network.tensorflow_network import definition_in, imported
from vision.weights import HIFILL

WORK = CASES.with_name("vision-network")
MIB = 2**20
AIMED_SECONDS = 0.35
AIMED_READY = 1.0
ABOUT = f"""A graph of the real architecture's size with random weights; holes in the middle, a
share of the network's picture. The fastest of {RUNS} runs, a process for each line; ready is from
the runtime's import to the loaded network. Rewritten: patches as slices, and attention's transfer
with a quarter of the multiplications; windowed: besides, what follows the attention on the cells
around the hole alone. Aims: ≤ {AIMED_SECONDS} s a run, ready in < {AIMED_READY:.0f} s."""


@dataclass(frozen=True)
class _Line:
    """A line of the table, to be measured."""

    title: str
    form: str
    path: Path
    settings: Mapping[str, str] = field(default_factory=dict)


def measure() -> str:
    """Convert, measure, a process each; the section."""
    graph = speed.graph() / HIFILL.name
    shares = (f"hole {share:.0%}" for share in SHARES)
    head = ["form", *shares, "ready", "first run", "peak memory"]
    rows = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for line in _lines(graph):
        found = line if isinstance(line, str) else _row(line)
        print(found, flush=True)
        rows.append(found)
    return "\n".join([ABOUT, "", *rows])


def _lines(graph: Path) -> Iterator[_Line | str]:
    """What to measure; a finished row where there is nothing that could be."""
    off, on = ({"TF_ENABLE_ONEDNN_OPTS": value} for value in "01")
    yield _Line("TensorFlow without oneDNN", PLAIN.name, graph, off)
    yield _Line("TensorFlow with oneDNN", PLAIN.name, graph, on)
    tensorflow = imported()
    definition = definition_in(tensorflow, graph)
    for form in (ONNX, LITERT):
        for name, make in reversed(variants_for(form, tensorflow, definition).items()):
            yield _converted(form, name, make)
    yield _Line("as a worker loads it", CHOSEN, graph)


def _converted(form: Form, name: str, make: Callable[[], Variant]) -> _Line | str:
    title = f"{form.title}, {name}"
    path = WORK / name.replace(" ", "-") / str(form.file)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.write_bytes(converted(form, imported(), make))
    except StepsAside as reason:
        return f"| {title} | {reason} | | | | |"
    return _Line(title, form.name, path)


def _row(line: _Line) -> str:
    one = measured(line.form, line.path, line.settings)
    return f"| {' | '.join([line.title, *_cells(one)])} |"


def _cells(one: Measured) -> list[str]:
    seconds = [*one.fastest, one.ready, one.first]
    return [*(f"{taken:.3f} s" for taken in seconds), f"{one.peak_bytes / MIB:.0f} MiB"]
