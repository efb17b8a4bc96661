"""The inpainters by name: which exist, which are available here, which is the default."""

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock

from vision.errors import InpainterFailed, VisionError, WeightsMissing
from vision.inpainters.base import Inpainter
from vision.inpainters.hifill_network.manifest import find_proven_model
from vision.weights import HIFILL, ModelStore


@dataclass(frozen=True)
class InpainterInfo:
    """An inpainter as users choose it.

    Attributes:
        name, title: for programs, for people.
        available: whether it can be used here.
        reason: if not, a sentence for users.
        detail: the cause and what to do about it, for administrators.
    """

    name: str
    title: str
    available: bool
    reason: str
    detail: str


def list_inpainters(store: ModelStore) -> list[InpainterInfo]:
    """Return every inpainter without loading any."""
    details = {"HiFill": _check_hifill(store), "PatchMatch": _check_patchmatch()}
    return [
        InpainterInfo(
            name=title.lower(),
            title=title,
            available=not detail,
            reason=f"{title} is not installed on this site." if detail else "",
            detail=detail,
        )
        for title, detail in details.items()
    ]


def choose_default_inpainter(store: ModelStore) -> str:
    """Return hifill where it is available, else patchmatch."""
    return "patchmatch" if _check_hifill(store) else "hifill"


def load_inpainter(name: str, store: ModelStore) -> Inpainter:
    """Return the inpainter called `name`, ready to fill.

    It is loaded once for each process, so call this after a fork. HiFill takes the seconds that
    TensorFlow takes to import, unless its ONNX model was proven.

    Raises:
        WeightsMissing: the inpainter's weights are not in the store.
        InpainterFailed: the inpainter does not load here.
        VisionError: no inpainter has this name; code unknown_inpainter.
    """
    with _LOAD_LOCK:
        if name == "hifill":
            return _load_hifill(store.get_path(HIFILL.name), store.folders)
        if name == "patchmatch":
            return _load_patchmatch()
    raise VisionError(
        f"There is no inpainter called “{name}”. Choose hifill or patchmatch.",
        code="unknown_inpainter",
    )


_LOAD_LOCK = Lock()


@cache
def _load_hifill(graph_path: Path, folders: tuple[Path, ...]) -> Inpainter:
    from vision.inpainters.hifill import HiFillInpainter

    return HiFillInpainter(graph_path, folders)


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
