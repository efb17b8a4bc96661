"""`manage.py vanish IN -o OUT`: make things vanish from a photo, or from a folder of them."""

import argparse
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from inpainting.engines import model_store
from vision.detectors.base import Box
from vision.detectors.registry import DETECTORS, load_detector
from vision.errors import VisionError
from vision.files import (
    Engines,
    check_labels,
    photos_in,
    targets_in,
    vanish_file,
)
from vision.inpainters.registry import default_inpainter, inpainters, load_inpainter
from vision.selections import Selection


class Command(BaseCommand):
    """Removes objects from photo files, without a server, an account or a database."""

    help = "Make objects vanish from a photo, or from every photo in a folder."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the arguments: the source, what should vanish, how, and the output."""
        parser.add_argument("source", metavar="IN", type=Path, help="a photo, or a folder of them")
        parser.add_argument(
            "-o",
            "--output",
            metavar="OUT",
            type=Path,
            required=True,
            help="the new file, whose extension sets the format; for a folder, a folder",
        )
        parser.add_argument(
            "--labels", type=_labels, default=(), help="objects to find and remove: person,dog"
        )
        parser.add_argument(
            "--keep-shadows",
            action="store_true",
            help="remove the objects alone, not the shadows that they cast",
        )
        parser.add_argument(
            "--box",
            type=_box,
            action="append",
            default=[],
            metavar="X,Y,W,H",
            help="a rectangle to remove, in pixels; may be repeated",
        )
        parser.add_argument(
            "--mask", type=Path, help="a picture of the photo's size; its light pixels are removed"
        )
        parser.add_argument("--inpainter", metavar="NAME", help="hifill or patchmatch")
        parser.add_argument("--detector", choices=DETECTORS, default=settings.DETECTOR)
        parser.add_argument(
            "--grow", type=_pixels, default=0, metavar="PX", help="grow the removed area"
        )
        parser.add_argument(
            "--feather",
            type=_pixels,
            metavar="PX",
            help="soften the edge inward; the default is 2 for objects, else 0",
        )

    def handle(self, *_args: object, **options: Any) -> None:
        """Process each photo. Raises CommandError, with one line, if a photo fails."""
        try:
            jobs = _jobs(options["source"], options["output"])
            selection = _selection(options)
            engines = self._engines(options, selection)
        except (VisionError, OSError) as error:
            raise CommandError(_sentence(error)) from error
        failed = 0
        for source, target in jobs.items():
            try:
                self._vanish_watched(source, target, selection, engines, options)
            except (VisionError, OSError) as error:
                if len(jobs) == 1:
                    raise CommandError(_sentence(error)) from error
                self.stderr.write(f"{source.name}: {_sentence(error)}")
                failed += 1
            else:
                self.stdout.write(f"{target} ({engines.inpainter.name})")
        if failed:
            raise CommandError(f"{failed} of {len(jobs)} photos failed.")

    def _engines(self, options: dict[str, Any], selection: Selection) -> Engines:
        store = model_store()
        name = options["inpainter"] or default_inpainter(store)
        if not options["inpainter"]:
            for info in inpainters(store):
                if not info.available:
                    self.stderr.write(f"Using {name}. {info.reason}")
        detector = None
        if selection.labels:
            check_labels(selection.labels, options["detector"])
            detector = load_detector(
                options["detector"],
                store,
                region=settings.AWS_REGION,
                endpoint_url=settings.AWS_ENDPOINT_URL,
            )
        return Engines(store, load_inpainter(name, store), detector)

    def _vanish_watched(
        self,
        source: Path,
        target: Path,
        selection: Selection,
        engines: Engines,
        options: dict[str, Any],
    ) -> None:
        """Process one photo under a progress bar, which is hidden if there is no terminal."""
        layout = "{desc}: {percentage:3.0f}% |{bar}| {elapsed}"
        with tqdm(total=1.0, desc=source.name, bar_format=layout, disable=None, leave=False) as bar:

            def write_message(sentence: str) -> None:
                with bar.external_write_mode():
                    self.stderr.write(f"{source.name}: {sentence}")

            vanish_file(
                source,
                target,
                selection,
                engines,
                grow=options["grow"],
                feather=options["feather"],
                checkpoint=lambda share: _update_bar(bar, share),
                tell=write_message,
            )


def _update_bar(bar: "tqdm[Any]", share: float) -> None:
    bar.update(share - bar.n)


def _jobs(source: Path, output: Path) -> dict[Path, Path]:
    """Return the output file of each photo. Raises CommandError if a path cannot be used."""
    if not source.exists():
        raise CommandError(f"There is no file or folder {source}.")
    if source.is_dir():
        if output.is_file():
            raise CommandError(
                f"{source} is a folder, so -o must name a folder; {output} is a file."
            )
        photos = photos_in(source)
        if not photos:
            raise CommandError(f"There are no pictures in {source}.")
        output.mkdir(parents=True, exist_ok=True)
        jobs = targets_in(output, photos)
    else:
        jobs = targets_in(output, [source]) if output.is_dir() else {source: output}
    for photo, target in jobs.items():
        if target.exists() and target.samefile(photo):
            raise CommandError(f"{target} is the photo itself: choose another name with -o.")
    return jobs


def _selection(options: dict[str, Any]) -> Selection:
    selection = Selection(
        labels=options["labels"],
        boxes=options["box"],
        mask_png=options["mask"].read_bytes() if options["mask"] else None,
        shadows=not options["keep_shadows"],
    )
    if not selection.names_something and selection.mask_png is None:
        raise CommandError("Say what should vanish: --labels, --box or --mask.")
    return selection


def _labels(text: str) -> tuple[str, ...]:
    return tuple(label.strip().lower() for label in text.split(",") if label.strip())


def _box(text: str) -> Box:
    try:
        x, y, width, height = (int(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not X,Y,WIDTH,HEIGHT in pixels") from None
    if width <= 0 or height <= 0:
        raise argparse.ArgumentTypeError(f"{text} has no width or no height")
    if x < 0 or y < 0:
        raise argparse.ArgumentTypeError(f"{text} starts outside the photo")
    return Box(x, y, width, height)


def _pixels(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text} is not a number of pixels, 0 or more")
    return int(text)


def _sentence(error: VisionError | OSError) -> str:
    if isinstance(error, VisionError):
        return error.message
    return f"{error.filename or 'The file'}: {error.strerror}."
