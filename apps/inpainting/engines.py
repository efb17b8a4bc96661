"""The detectors and inpainters of this installation."""

import logging
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from config.errors import Problem
from vision.detectors.base import Detector
from vision.detectors.registry import load_detector
from vision.errors import VisionError, WeightsMissing
from vision.inpainters.registry import (
    InpainterInfo,
    default_inpainter,
    inpainters,
    load_inpainter,
)
from vision.weights import ModelStore

logger = logging.getLogger(__name__)

LOCAL_DETECTOR_FILE = "yolox_nano.onnx"


@dataclass(frozen=True)
class DetectorInfo:
    """The configured detector, and why it cannot be used if so."""

    name: str
    available: bool
    reason: str


@lru_cache(maxsize=8)
def _store(folder: Path, mirror: Path | None) -> ModelStore:
    return ModelStore(folder, mirror)


def model_store() -> ModelStore:
    """Where this installation keeps its model files; one store a folder, so loads are shared."""
    return _store(settings.MODEL_DIR, settings.MODEL_MIRROR)


def detector() -> Detector:
    """The configured detector, ready to use. Raises WeightsMissing."""
    return load_detector(
        settings.DETECTOR,
        model_store(),
        region=settings.AWS_REGION,
        endpoint_url=settings.AWS_ENDPOINT_URL,
    )


def detector_info() -> DetectorInfo:
    """Whether objects can be found, without loading anything."""
    if settings.DETECTOR == "local":
        try:
            model_store().path(LOCAL_DETECTOR_FILE)
        except WeightsMissing as error:
            return DetectorInfo("local", available=False, reason=str(error))
    return DetectorInfo(settings.DETECTOR, available=True, reason="")


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
    known = {info.name: info for info in inpainter_infos()}
    if name not in known:
        raise Problem(
            f"There is no inpainter {name!r}: use one of {', '.join(known)}.",
            code="unknown_inpainter",
            fields={"inpainter": [f"Must be one of {', '.join(known)}."]},
        )
    if not known[name].available:
        raise Problem(
            known[name].reason,
            code="inpainter_unavailable",
            status=409,
            fields={"inpainter": [known[name].reason]},
        )
    return name


def warm_up() -> None:
    """Load the default inpainter into this process, so that no edit waits for it."""
    try:
        load_inpainter(default_inpainter_name(), model_store())
    except VisionError:
        logger.exception("The inpainter could not be loaded; edits will say so")
