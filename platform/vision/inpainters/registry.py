"""The inpainters by name: which exist, which are available here, which is the default."""

from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock

from vision.errors import InpainterFailed, VisionError, WeightsMissing
from vision.inpainters.base import Inpainter
from vision.inpainters.hifill_network.manifest import find_proven_model
from vision.inpainters.learned.check_notes import (
    build_fault_error,
    build_runtime_missing_error,
    find_note,
)
from vision.inpainters.learned.contracts import CONTRACTS, Contract
from vision.onnx_session import is_onnx_installed
from vision.weights import HIFILL, ModelStore

NAMES = ("hifill", "patchmatch", *CONTRACTS)


@dataclass(frozen=True)
class InpainterInfo:
    """An inpainter as users choose it.

    Attributes:
        name, title: for programs, for people.
        available: whether it can be used here.
        reason: if not, a sentence for users.
        detail: the cause and what to do about it, for administrators.
        optional: it is not installed, and need not be: its model file is fetched only by name.
    """

    name: str
    title: str
    available: bool
    reason: str
    detail: str
    optional: bool = False


def list_inpainters(store: ModelStore) -> list[InpainterInfo]:
    """Return every inpainter without loading any."""
    return [
        _build_info("hifill", "HiFill", _check_hifill(store)),
        _build_info("patchmatch", "PatchMatch", _check_patchmatch()),
        *(_describe_learned(contract, store) for contract in CONTRACTS.values()),
    ]


def _build_info(name: str, title: str, detail: str) -> InpainterInfo:
    reason = f"{title} is not installed on this site." if detail else ""
    return InpainterInfo(name, title, available=not detail, reason=reason, detail=detail)


def _describe_learned(contract: Contract, store: ModelStore) -> InpainterInfo:
    """Return the info of an inpainter of the table.

    One that failed its check is off, and each of them is without ONNX Runtime.
    """
    try:
        model = store.get_path(contract.file)
    except WeightsMissing as error:
        return replace(_build_info(contract.name, contract.title, error.detail), optional=True)
    if not is_onnx_installed():
        fault = build_runtime_missing_error(contract)
        return _build_info(contract.name, contract.title, fault.detail)
    note = find_note(contract, model, store.folders)
    if note is None or not note.fault:
        return _build_info(contract.name, contract.title, "")
    fault = build_fault_error(contract, note)
    return InpainterInfo(contract.name, contract.title, False, fault.message, fault.detail)


def choose_default_inpainter(store: ModelStore, wanted: str = "") -> str:
    """Return `wanted` where it is available, else hifill, else patchmatch."""
    if wanted and any(info.available for info in list_inpainters(store) if info.name == wanted):
        return wanted
    return "patchmatch" if _check_hifill(store) else "hifill"


def count_variants(name: str) -> int:
    """Return how many results the inpainter called `name` has for one mask, without loading it."""
    if name == "patchmatch":
        from vision.inpainters.patchmatch.candidates import COUNT

        return COUNT
    return 1


def load_inpainter(name: str, store: ModelStore) -> Inpainter:
    """Return the inpainter called `name`, ready to fill.

    It is loaded once for each process, so call this after a fork. HiFill takes the seconds that
    TensorFlow takes to import, unless its ONNX model was proven; MI-GAN and LaMa are checked before
    their first use.

    Raises:
        WeightsMissing: the inpainter's weights are not in the store.
        InpainterFailed: the inpainter does not load here, or does not pass its check.
        VisionError: no inpainter has this name; code unknown_inpainter.
    """
    with _LOAD_LOCK:
        if name == "hifill":
            return _load_hifill(store.get_path(HIFILL.name), store.folders)
        if name == "patchmatch":
            return _load_patchmatch()
        if contract := CONTRACTS.get(name):
            return _load_learned(contract, store.get_path(contract.file), store.folders)
    raise VisionError(
        f"There is no inpainter called “{name}”. Choose {', '.join(NAMES[:-1])} or {NAMES[-1]}.",
        code="unknown_inpainter",
    )


_LOAD_LOCK = Lock()


@cache
def _load_hifill(graph_path: Path, folders: tuple[Path, ...]) -> Inpainter:
    from vision.inpainters.hifill import HiFillInpainter

    return HiFillInpainter(graph_path, folders)


@cache
def _load_learned(contract: Contract, model: Path, folders: tuple[Path, ...]) -> Inpainter:
    from vision.inpainters.learned.inpainter import LearnedInpainter

    return LearnedInpainter(contract, model, folders)


@cache
def _load_patchmatch() -> Inpainter:
    from vision.inpainters.patchmatch import PatchMatchInpainter

    if detail := _check_patchmatch():
        raise InpainterFailed(
            "PatchMatch is not installed on this site. Tell its administrator.",
            code="inpainter_unavailable",
            user_can_fix=False,
            detail=detail,
        )
    return PatchMatchInpainter()


def _check_hifill(store: ModelStore) -> str:
    """Return why HiFill is not available, for administrators; empty if it is."""
    try:
        graph = store.get_path(HIFILL.name)
    except WeightsMissing as error:
        return error.detail
    if find_spec("tensorflow") is None and find_proven_model(graph, store.folders) is None:
        return (
            "HiFill needs TensorFlow here, as its network was not converted: install it"
            " (`pip install tensorflow`)."
        )
    return ""


@cache
def _check_patchmatch() -> str:
    """Return why PatchMatch is not available, for administrators; empty if it is."""
    try:
        from patchmatch import patchmatch_available
    except ImportError:
        return "PatchMatch needs the package pypatchmatch: install it (`pip install pypatchmatch`)."
    if not patchmatch_available:
        return (
            "PatchMatch's native library does not load on this machine: reinstall it"
            " (`pip install --force-reinstall pypatchmatch`); its log says what is missing."
        )
    return ""
