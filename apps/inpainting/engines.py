"""The engines of this installation: its detectors and inpainters."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from vision.detectors.base import Detector
from vision.detectors.local import check_local_detector
from vision.detectors.registry import DETECTORS, load_detector
from vision.errors import VisionError
from vision.inpainters.registry import (
    InpainterInfo,
    choose_default_inpainter,
    list_inpainters,
    load_inpainter,
)
from vision.weights import ModelStore
from web.errors import Fault, Problem

logger = logging.getLogger(__name__)

LOCAL = "local"


@dataclass(frozen=True)
class DetectorInfo:
    """A detector, and the reason if it cannot be used here: for users, and for administrators."""

    name: str
    available: bool
    reason: str
    detail: str


@lru_cache(maxsize=8)
def _open_model_store(folder: Path, mirror: Path | None) -> ModelStore:
    return ModelStore(folder, mirror)


def get_model_store() -> ModelStore:
    """Return the store of model files; a shared one, so that each file is loaded once."""
    return _open_model_store(settings.MODEL_DIR, settings.MODEL_MIRROR)


def prepare_detector(name: str = "", min_confidence: float | None = None) -> Detector:
    """Return the detector called `name`, or the one from the settings, ready to use.

    `min_confidence`: the lowest confidence (0..1) that it reports; None for its own limit.
    """
    return load_detector(
        name or settings.DETECTOR,
        get_model_store(),
        region=settings.AWS_REGION,
        endpoint_url=settings.AWS_ENDPOINT_URL,
        min_confidence=min_confidence,
    )


def get_detector_info() -> DetectorInfo:
    """Return whether the detector from the settings can be used. Loads no model."""
    return next(info for info in list_detector_infos() if info.name == settings.DETECTOR)


def list_detector_infos() -> list[DetectorInfo]:
    """Return all detectors.

    Cloud detectors send photos away and cost money, so they are available only if set.
    """
    return [_build_detector_info(name) for name in DETECTORS]


def _build_detector_info(name: str) -> DetectorInfo:
    reason = detail = ""
    if name == LOCAL:
        try:
            find_local_detector_file()
        except VisionError as error:
            reason, detail = error.message, error.detail
    elif name != settings.DETECTOR:
        reason = detail = f"This site does not use {name}."
    return DetectorInfo(name, available=not reason, reason=reason, detail=detail)


def find_local_detector_file() -> Path:
    """Return the model file of the local detector. Raises VisionError if it cannot be used here."""
    return check_local_detector(get_model_store())


def list_missing_details() -> list[str]:
    """Return, for administrators, what is missing here and what to do about it."""
    infos: list[DetectorInfo | InpainterInfo] = [get_detector_info(), *list_inpainter_infos()]
    return [
        info.detail
        for info in infos
        if not info.available and not (isinstance(info, InpainterInfo) and info.optional)
    ]


def resolve_detector_name(name: str) -> str:
    """Return `name`, or the detector from the settings if it is empty.

    Raises Problem (unknown_detector, detector_unavailable) if it cannot be used here.
    """
    if not name:
        return settings.DETECTOR
    return _require_usable(name, {info.name: info for info in list_detector_infos()}, "detector")


def list_inpainter_infos() -> list[InpainterInfo]:
    """Return all inpainters, with the reason if one cannot be used here."""
    return list_inpainters(get_model_store())


def get_default_inpainter_name() -> str:
    """Return the name of the one from the settings, else of HiFill, else of PatchMatch.

    The first of them that can be used here.
    """
    return choose_default_inpainter(get_model_store(), settings.INPAINTER)


def resolve_inpainter_name(name: str) -> str:
    """Return `name`, or the default inpainter if it is empty.

    Raises Problem (unknown_inpainter, inpainter_unavailable) if it cannot be used here.
    """
    if not name:
        return get_default_inpainter_name()
    return _require_usable(name, {info.name: info for info in list_inpainter_infos()}, "inpainter")


def _require_usable(name: str, infos: Mapping[str, InpainterInfo | DetectorInfo], kind: str) -> str:
    if name not in infos:
        raise Problem(
            f"There is no {kind} {name!r}: use one of {', '.join(infos)}.",
            code=f"unknown_{kind}",
            faults=[Fault("Not known.", (kind,), expected=list(infos), received=name)],
        )
    if not infos[name].available:
        reason = infos[name].reason
        raise Problem(reason, code=f"{kind}_unavailable", fields={kind: [reason]})
    return name


def load_default_inpainter() -> None:
    """Load the default inpainter when a process starts, so that no edit has to wait for it."""
    try:
        load_inpainter(get_default_inpainter_name(), get_model_store())
    except VisionError:
        logger.exception("The default inpainter could not be loaded; edits will fail")
