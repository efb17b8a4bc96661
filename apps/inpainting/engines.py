"""The detectors and inpainters of this installation."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from vision.detectors.base import Detector
from vision.detectors.registry import DETECTORS, load_detector
from vision.errors import VisionError, WeightsMissing
from vision.inpainters.registry import (
    InpainterInfo,
    default_inpainter,
    inpainters,
    load_inpainter,
)
from vision.weights import ModelStore
from web.errors import Fault, Problem

logger = logging.getLogger(__name__)

LOCAL = "local"
LOCAL_DETECTOR_FILE = "yolox_nano.onnx"


@dataclass(frozen=True)
class DetectorInfo:
    """A detector, and why it cannot be used if so."""

    name: str
    available: bool
    reason: str


@lru_cache(maxsize=8)
def _store(folder: Path, mirror: Path | None) -> ModelStore:
    return ModelStore(folder, mirror)


def model_store() -> ModelStore:
    """Where this installation keeps its model files; one store a folder, so loads are shared."""
    return _store(settings.MODEL_DIR, settings.MODEL_MIRROR)


def detector(name: str = "", min_confidence: float | None = None) -> Detector:
    """The detector called `name`, or the one that is set for an empty one, ready to use.

    `min_confidence`: least confidence, 0..1, of what it reports; None for its own.
    """
    return load_detector(
        name or settings.DETECTOR,
        model_store(),
        region=settings.AWS_REGION,
        endpoint_url=settings.AWS_ENDPOINT_URL,
        min_confidence=min_confidence,
    )


def detector_info() -> DetectorInfo:
    """Whether objects can be found, without loading anything."""
    return next(info for info in detector_infos() if info.name == settings.DETECTOR)


def detector_infos() -> list[DetectorInfo]:
    """Every detector; what sends photos away, or costs, only where it is the one that is set."""
    return [_detector_info(name) for name in DETECTORS]


def _detector_info(name: str) -> DetectorInfo:
    reason = ""
    if name == LOCAL:
        try:
            model_store().path(LOCAL_DETECTOR_FILE)
        except WeightsMissing as error:
            reason = str(error)
    elif name != settings.DETECTOR:
        reason = f"This installation is not set up to ask {name}."
    return DetectorInfo(name, available=not reason, reason=reason)


def chosen_detector(name: str) -> str:
    """`name`, or the one that is set for an empty one. Raises Problem when it can't be used."""
    if not name:
        return settings.DETECTOR
    return _usable(name, {info.name: info for info in detector_infos()}, "detector")


def inpainter_infos() -> list[InpainterInfo]:
    """Every inpainter, with what is missing where it cannot be used."""
    return inpainters(model_store())


def default_inpainter_name() -> str:
    """HiFill where its weights are present, else PatchMatch."""
    return default_inpainter(model_store())


def chosen_inpainter(name: str) -> str:
    """`name`, or the default for an empty one. Raises Problem when it cannot be used here."""
    if not name:
        return default_inpainter_name()
    return _usable(name, {info.name: info for info in inpainter_infos()}, "inpainter")


def _usable(name: str, known: Mapping[str, InpainterInfo | DetectorInfo], kind: str) -> str:
    """Codes unknown_inpainter, inpainter_unavailable, and the same of detectors."""
    if name not in known:
        raise Problem(
            f"There is no {kind} {name!r}: use one of {', '.join(known)}.",
            code=f"unknown_{kind}",
            faults=[Fault("Not known.", (kind,), expected=list(known), received=name)],
        )
    if not known[name].available:
        raise Problem(
            known[name].reason, code=f"{kind}_unavailable", fields={kind: [known[name].reason]}
        )
    return name


def warm_up() -> None:
    """Load the default inpainter into this process, so that no edit waits for it."""
    try:
        load_inpainter(default_inpainter_name(), model_store())
    except VisionError:
        logger.exception("The inpainter could not be loaded; edits will say so")
