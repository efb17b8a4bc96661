"""Which form of the network is the fastest on this machine: tried out once, then remembered."""

import json
import logging
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vision.inpainters.hifill_network.alone import alone_in
from vision.inpainters.hifill_network.forms import FORMS
from vision.inpainters.hifill_network.manifest import write_json
from vision.inpainters.hifill_network.trial import seconds_of
from vision.processors import usable_processors
from vision.weight_files import sha256_of

NOTES = "hifill_fastest.json"
CPU_FACTS = Path("/proc/cpuinfo")

logger = logging.getLogger(__name__)


def by_speed(forms: Mapping[str, Path], folder: Path) -> list[str]:
    """The names of the forms, the fastest first; those that do not run here are left out.

    They are tried in turn the first time, by one process while others wait. What came of it is kept
    in the folder, for this kind of CPU, this many processors, and these versions and files. Where
    the folder can't be written to nothing is tried, as every start would have to do it anew: then
    the forms stay in the order in which they are given.

    Args:
        forms: where each form's file lies, by its name.
        folder: where to keep it.
    """
    notes, machine = folder / NOTES, _machine_and(forms)
    seconds = _seconds(_read(notes).get(machine), forms)
    if seconds is None:
        try:
            with alone_in(folder):
                seconds = _seconds(_read(notes).get(machine), forms)
                if seconds is None:
                    seconds = _tried_out(forms, notes, machine)
        except OSError as error:
            logger.info("Which form is the fastest can't be kept in %s: %s", folder, error)
            return list(forms)
    return sorted(seconds, key=seconds.__getitem__)


def _tried_out(forms: Mapping[str, Path], notes: Path, machine: str) -> dict[str, float]:
    """The seconds of each form that runs here. Raises OSError where they can't be kept."""
    kept = _read(notes)
    # Whether they can be is better known before half a minute is spent on it.
    write_json(notes, kept)
    tried = {name: seconds_of(name, path) for name, path in forms.items()}
    seconds = {name: taken for name, taken in tried.items() if taken is not None}
    logger.info("HiFill's network on this machine, seconds a run: %s", seconds)
    if seconds:
        write_json(notes, kept | {machine: seconds})
    return seconds


def _machine_and(forms: Mapping[str, Path]) -> str:
    """All that the speed depends on, as one line."""
    facts = [_cpu_model(), f"{usable_processors()} processors"]
    facts += [
        f"{name} {FORMS[name].version()} {sha256_of(path)[:16]}"
        for name, path in sorted(forms.items())
    ]
    return ", ".join(facts)


def _cpu_model() -> str:
    try:
        lines = CPU_FACTS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, "") or platform.processor() or platform.machine()


def _read(path: Path) -> dict[str, Any]:
    try:
        notes = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return notes if isinstance(notes, dict) else {}


def _seconds(noted: Any, forms: Mapping[str, Path]) -> dict[str, float] | None:
    """What was noted, where it can be that."""
    if not isinstance(noted, dict) or not noted or not noted.keys() <= forms.keys():
        return None
    return noted if all(isinstance(taken, float) for taken in noted.values()) else None
