"""What `weights fetch` does for HiFill once the released graph is there."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from vision.errors import WeightsMissing
from vision.inpainters.hifill_network.forms import CONVERTED
from vision.inpainters.hifill_network.manifest import Manifest
from vision.inpainters.hifill_network.trial import PATH_ROOT
from vision.weights import HIFILL, ModelStore

MOST_SECONDS = 900.0
CONVERSION = "vision.inpainters.hifill_network.conversion"


def prepare_forms(store: ModelStore) -> list[str]:
    """Convert the store's graph for faster runtimes, and say what came of it.

    Takes a minute, with TensorFlow; nothing where it has been done already. The platform works
    without: then the network runs in TensorFlow.

    Args:
        store: what it holds of the graph is converted into its folder.

    Returns:
        A line for each form; none where the store has no graph.
    """
    try:
        graph = store.path(HIFILL.name)
    except WeightsMissing:
        return []
    from vision.inpainters.hifill_network.conversion import converted_before

    manifest = converted_before(graph, store.folders)
    if manifest is None:
        reason = _converted_by_child(graph, store.folders)
        manifest = converted_before(graph, store.folders)
        if manifest is None:
            return [f"{HIFILL.name} was not converted: {reason}"]
    return _lines(manifest)


def _converted_by_child(graph: Path, folders: Sequence[Path]) -> str:
    """Why that failed, where it did.

    TensorFlow and its converters take over a gigabyte, which this process would keep for as long as
    it runs; and what makes them crash must not end it.
    """
    try:
        # Made and emptied here, so that a child that is ended leaves nothing behind.
        with TemporaryDirectory(dir=folders[0], prefix=".hifill.") as workshop:
            told = _run_conversion([graph, Path(workshop), *folders])
    except subprocess.TimeoutExpired:
        return f"it took longer than {MOST_SECONDS:.0f} s"
    except OSError as error:
        return str(error)
    if told.returncode < 0:
        return f"it was ended by signal {-told.returncode}"
    last_line = told.stderr.strip().rpartition("\n")[2]
    return told.stdout or last_line or f"it ended with status {told.returncode}"


def _run_conversion(paths: list[Path]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", CONVERSION, *map(str, paths)],
        env=os.environ | {"PYTHONPATH": str(PATH_ROOT)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=MOST_SECONDS,
        check=False,
    )


def _lines(manifest: Manifest) -> list[str]:
    """What came of each form, those that are kept first."""
    kept = [
        f"{form.file}, {proven.variant}: gives what {HIFILL.name} gives, to {proven.difference}"
        for form in CONVERTED
        if (proven := manifest.kept.get(form.name))
    ]
    aside = [
        f"{form.file}: left out, {manifest.aside[form.name]}"
        for form in CONVERTED
        if form.name in manifest.aside
    ]
    return kept + aside
