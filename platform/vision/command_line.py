"""The command that removes objects from photo files, for `python -m vision` and `manage.py vanish`.

It needs no server, no account and no database.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from vision.command_values import parse_box, parse_label_number, parse_labels, parse_pixels
from vision.detectors.registry import DETECTORS, load_detector
from vision.errors import VisionError
from vision.files import Engines, Filling, list_photos, plan_targets, remove_from_file
from vision.filling_options import add_filling_arguments, read_filling
from vision.images import Limits
from vision.inpainters.registry import (
    NAMES,
    choose_default_inpainter,
    list_inpainters,
    load_inpainter,
)
from vision.inpainters.variants import check_variant
from vision.label_names import FAIL, IF_MISSING, IGNORE, check_labels
from vision.mask_reading import CONVENTIONS, WHITE, MaskFile
from vision.selections import Selection
from vision.weights import ModelStore

HELP = "Make objects vanish from a photo, or from every photo in a folder."
FAILED_STATUS = 1
NOTHING_STATUS = 3
"""Exit status where nothing failed, but at least one photo has nothing to remove."""
_NOTHING_TO_REMOVE = ("label_not_found", "label_without_place")
BAR_LAYOUT = "{desc}: {percentage:3.0f}% |{bar}| {elapsed}"


class CommandFailed(Exception):
    """The command cannot go on; the message is one line for the person who called it.

    `status` is the exit status.
    """

    def __init__(self, message: str, *, status: int = FAILED_STATUS) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Surroundings:
    """What the caller of the command provides.

    Attributes:
        store: where the model files are.
        region, endpoint_url: of Amazon Rekognition; None for AWS's own address.
        limits: of the photos.
        write_line: takes a line of the result.
        write_warning: takes a line that is no result.
    """

    store: ModelStore
    region: str
    endpoint_url: str | None
    limits: Limits
    write_line: Callable[[str], object]
    write_warning: Callable[[str], object]


def add_arguments(parser: argparse.ArgumentParser, *, detector: str) -> None:
    """Add the arguments: the source, what should vanish, how, and the output.

    `detector` is the name of the one that is used where none is named.
    """
    parser.add_argument("source", metavar="IN", type=Path, help="a photo, or a folder of them")
    parser.add_argument(
        "-o",
        "--output",
        metavar="OUT",
        type=Path,
        required=True,
        help="the new file, whose extension sets the format; for a folder, a folder",
    )
    _add_selection_arguments(parser)
    parser.add_argument("--inpainter", metavar="NAME", help=f"one of {', '.join(NAMES)}")
    parser.add_argument("--detector", choices=DETECTORS, default=detector)
    parser.add_argument(
        "--grow",
        type=parse_pixels,
        metavar="PX",
        help="grow the removed area; the default is about 4 per megapixel for --mask, else 0",
    )
    parser.add_argument(
        "--feather",
        type=parse_pixels,
        metavar="PX",
        help="soften the edge inward; the default is 2 for objects, else 0",
    )
    add_filling_arguments(parser)


def _add_selection_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--labels", type=parse_labels, default=(), help="objects to find and remove: person,dog"
    )
    parser.add_argument(
        "--if-missing",
        choices=IF_MISSING,
        default=IGNORE,
        help="where a label names no object: remove the rest (default), or write nothing",
    )
    parser.add_argument(
        "--keep-shadows",
        action="store_true",
        help="remove the objects alone, not the shadows that they cast",
    )
    parser.add_argument(
        "--box",
        type=parse_box,
        action="append",
        default=[],
        metavar="X,Y,W,H",
        help="a rectangle to remove, in pixels; may be repeated",
    )
    parser.add_argument(
        "--mask",
        type=Path,
        help="a picture of the photo's shape, or JSON of COCO or Label Studio: what to remove",
    )
    parser.add_argument(
        "--mask-convention",
        choices=CONVENTIONS,
        default=WHITE,
        help="the pixels of --mask that are removed; auto decides by the file",
    )
    parser.add_argument(
        "--mask-value",
        type=parse_label_number,
        metavar="N",
        help="remove only the label N of --mask, a PNG with one number for each pixel",
    )


def run_command(options: dict[str, Any], surroundings: Surroundings) -> None:
    """Process each photo. Raises CommandFailed if one fails or has nothing to remove.

    For a photo with nothing to remove no file is written, and the status is `NOTHING_STATUS`.
    """
    try:
        targets = _plan_targets(options["source"], options["output"])
        selection, filling = _build_selection(options), read_filling(options)
        engines = _load_engines(options, selection, surroundings)
        check_variant(engines.inpainter, filling.variant)
    except (VisionError, OSError) as error:
        raise CommandFailed(_describe_error(error)) from error
    statuses = []
    for source, target in targets.items():
        try:
            _process_photo(
                source,
                target,
                selection,
                engines,
                filling=filling,
                options=options,
                surroundings=surroundings,
            )
        except (VisionError, OSError) as error:
            statuses.append(_choose_status(error, selection))
            if len(targets) == 1:
                raise CommandFailed(_describe_error(error), status=statuses[0]) from error
            surroundings.write_warning(f"{source.name}: {_describe_error(error)}")
        else:
            surroundings.write_line(f"{target} ({engines.inpainter.name})")
    _check_statuses(statuses, len(targets))


def _choose_status(error: VisionError | OSError, selection: Selection) -> int:
    """Return the exit status for a photo; with `fail`, other labels may be in it."""
    code = error.code if isinstance(error, VisionError) else ""
    is_empty = code in _NOTHING_TO_REMOVE and selection.if_missing != FAIL
    return NOTHING_STATUS if is_empty else FAILED_STATUS


def _check_statuses(statuses: list[int], photos: int) -> None:
    """Raise CommandFailed, with a summary, if some of the photos were not written."""
    failed, empty = statuses.count(FAILED_STATUS), statuses.count(NOTHING_STATUS)
    parts = [f"{failed} of {photos} photos failed"] if failed else []
    if empty:
        parts.append(f"{empty} of {photos} have nothing to remove and were not written")
    if parts:
        status = FAILED_STATUS if failed else NOTHING_STATUS
        raise CommandFailed(f"{'; '.join(parts)}.", status=status)


def _plan_targets(source: Path, output: Path) -> dict[Path, Path]:
    """Return the output file of each photo. Raises CommandFailed if a path cannot be used."""
    if not source.exists():
        raise CommandFailed(f"There is no file or folder {source}.")
    if source.is_dir():
        if output.is_file():
            raise CommandFailed(
                f"{source} is a folder, so -o must name a folder; {output} is a file."
            )
        photos = list_photos(source)
        if not photos:
            raise CommandFailed(f"There are no pictures in {source}.")
        output.mkdir(parents=True, exist_ok=True)
        targets = plan_targets(output, photos)
    else:
        targets = plan_targets(output, [source]) if output.is_dir() else {source: output}
    for photo, target in targets.items():
        if target.exists() and target.samefile(photo):
            raise CommandFailed(f"{target} is the photo itself: choose another name with -o.")
    return targets


def _build_selection(options: dict[str, Any]) -> Selection:
    selection = Selection(
        labels=options["labels"],
        boxes=options["box"],
        mask_file=_read_mask_option(options),
        shadows=not options["keep_shadows"],
        if_missing=options["if_missing"],
    )
    if not selection.names_something:
        raise CommandFailed("Say what should vanish: --labels, --box or --mask.")
    return selection


def _read_mask_option(options: dict[str, Any]) -> MaskFile | None:
    if options["mask"] is None:
        return None
    return MaskFile(options["mask"].read_bytes(), options["mask_convention"], options["mask_value"])


def _load_engines(
    options: dict[str, Any], selection: Selection, surroundings: Surroundings
) -> Engines:
    store = surroundings.store
    name = options["inpainter"] or choose_default_inpainter(store)
    if not options["inpainter"]:
        for info in list_inpainters(store):
            if not (info.available or info.optional):
                surroundings.write_warning(f"Using {name}. {info.detail}")
    detector = None
    if selection.labels:
        check_labels(selection.labels, options["detector"])
        detector = load_detector(
            options["detector"],
            store,
            region=surroundings.region,
            endpoint_url=surroundings.endpoint_url,
        )
    return Engines(store, load_inpainter(name, store), detector)


def _process_photo(
    source: Path,
    target: Path,
    selection: Selection,
    engines: Engines,
    *,
    filling: Filling,
    options: dict[str, Any],
    surroundings: Surroundings,
) -> None:
    """Process one photo under a progress bar, which is hidden if there is no terminal."""
    with tqdm(total=1.0, desc=source.name, bar_format=BAR_LAYOUT, disable=None, leave=False) as bar:

        def write_message(sentence: str) -> None:
            with bar.external_write_mode():
                surroundings.write_warning(f"{source.name}: {sentence}")

        remove_from_file(
            source,
            target,
            selection,
            engines,
            limits=surroundings.limits,
            grow=options["grow"],
            feather=options["feather"],
            filling=filling,
            checkpoint=lambda share: _update_bar(bar, share),
            notify=write_message,
        )


def _update_bar(bar: "tqdm[Any]", share: float) -> None:
    bar.update(share - bar.n)


def _describe_error(error: VisionError | OSError) -> str:
    if isinstance(error, VisionError):
        return str(error)
    return f"{error.filename or 'The file'}: {error.strerror}."
