"""Judges a picture that was sent as a mask: by which convention it marks pixels, and which.

A wrong guess removes the wrong pixels, so that what is not clear is refused with the reason.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision.images import Picture
from vision.images.depth import to_8_bits
from vision.mask_reading import colours as colour_tools
from vision.mask_reading import refusals, structure
from vision.mask_reading.conventions import AUTO, BLACK, LABEL, TRANSPARENT, WHITE
from vision.mask_reading.structure import Values

MOST_OF_FRAME = 2 / 3
_NOISE_FLOOR = 32
_MAX_BLACK = 8
_KINDS = {WHITE: "light", BLACK: "dark", TRANSPARENT: "transparent"}


@dataclass(frozen=True)
class Judgement:
    """Which pixels are marked, [H,W] bool, by which convention, with notes and what was found."""

    marked: NDArray[np.bool_]
    convention: str
    notes: tuple[str, ...] = ()
    found: str = ""


@dataclass(frozen=True)
class Source:
    """A decoded mask file.

    Attributes:
        picture: the decoded file.
        numbers: the number of each pixel, [H,W], where the file has numbers.
        is_indexed: the numbers are of a palette.
    """

    picture: Picture
    numbers: Values | None
    is_indexed: bool


def judge_source(source: Source, convention: str, value: int | None) -> Judgement:
    """Return the marked pixels of a mask file. Raises MaskRejected where they are not clear."""
    if value is not None:
        return _mark_label(source, value)
    colours, alpha = colour_tools.split_alpha(source.picture)
    if convention == TRANSPARENT:
        return _mark_transparent(alpha, is_lossless=source.picture.lossless)
    if alpha is not None and convention in (WHITE, AUTO) and _has_hole(alpha):
        judgement = _judge_hole(colours, alpha, convention, is_lossless=source.picture.lossless)
        if judgement is not None:
            return judgement
    if convention == AUTO:
        convention = _choose_by_frame(colours, alpha)
    found = _describe_source(source, colours, alpha)
    is_inverted = convention == BLACK
    marked = _Marker(source, colours, alpha, found, is_inverted=is_inverted).mark()
    return Judgement(marked, convention, _list_frame_notes(marked, convention), found)


def _describe_source(source: Source, colours: NDArray[Any], alpha: NDArray[Any] | None) -> str:
    """Return the values in the file, in words."""
    grey = colour_tools.find_grey(colours)
    if source.is_indexed and source.numbers is not None:
        found = refusals.describe_levels(structure.list_levels(source.numbers).tolist(), "label")
    elif grey is not None:
        found = refusals.describe_levels(structure.list_levels(grey).tolist(), "grey")
    else:
        codes = colour_tools.pack_colours(to_8_bits(colours))
        found = refusals.describe_colours(colour_tools.list_colours(codes))
    return found if alpha is None else f"{found}, and a part of it is transparent"


def _mark_label(source: Source, value: int) -> Judgement:
    if source.numbers is None:
        raise refusals.build_no_numbers_error()
    marked = source.numbers == value
    if not marked.any():
        levels = structure.list_levels(source.numbers).tolist()
        raise refusals.build_absent_value_error(value, levels)
    return Judgement(marked, LABEL)


def _mark_transparent(alpha: NDArray[Any] | None, *, is_lossless: bool) -> Judgement:
    if alpha is None:
        raise refusals.build_no_hole_error()
    found = refusals.describe_levels(structure.list_levels(alpha).tolist(), "alpha value")
    hidden = np.iinfo(alpha.dtype).max - alpha
    marked = _mark_grey(hidden, found, is_lossless=is_lossless)
    return Judgement(marked, TRANSPARENT, _list_frame_notes(marked, TRANSPARENT), found)


def _has_hole(alpha: NDArray[Any]) -> bool:
    """Return whether a part is much more transparent than the rest."""
    return bool(alpha.min() <= alpha.max() // 2) and bool(alpha.max() > 0)


def _judge_hole(
    colours: NDArray[Any], alpha: NDArray[Any], convention: str, *, is_lossless: bool
) -> Judgement | None:
    """Judge a file with a transparent part; None if its visible pixels are paint.

    A photo with a hole, and a plain ground with a hole, mark the hole, as in OpenAI's image edits.
    """
    visible = alpha > (int(alpha.min()) + int(alpha.max())) // 2
    frame = structure.measure_frame(visible)
    if colour_tools.is_photo(colours, visible):
        if frame < 1 / 2:
            raise refusals.build_cutout_error(1 - frame)
        note = "The mask is a photo with a transparent part: the transparent part is removed."
    else:
        is_light = to_8_bits(colours).max(axis=2) > _MAX_BLACK
        is_all_black = not is_light[visible].any()
        if is_all_black and frame <= 1 / 2 and convention == AUTO:
            return Judgement(visible, BLACK)
        light_frame = structure.measure_frame(is_light & visible)
        if not (is_all_black and frame > MOST_OF_FRAME) and light_frame <= MOST_OF_FRAME:
            return None
        if not is_all_black and convention == WHITE:
            raise refusals.build_opaque_frame_error(light_frame)
        note = "The mask is opaque around a transparent part: the transparent part is removed."
    judgement = _mark_transparent(alpha, is_lossless=is_lossless)
    return replace(judgement, notes=(note, *judgement.notes))


def _choose_by_frame(colours: NDArray[Any], alpha: NDArray[Any] | None) -> str:
    """Return the convention that does not remove most of the frame."""
    shown = to_8_bits(colours) if alpha is None else colour_tools.put_on_black(colours, alpha)
    luminance = colour_tools.to_luminance(shown) if shown.shape[2] == 3 else shown[:, :, 0]
    middle = (int(luminance.min()) + int(luminance.max())) / 2
    return BLACK if structure.measure_frame(luminance > middle) > 1 / 2 else WHITE


def _list_frame_notes(marked: NDArray[np.bool_], convention: str) -> tuple[str, ...]:
    if marked.all() or structure.measure_frame(marked) <= MOST_OF_FRAME:
        return ()
    kind = _KINDS[convention]
    note = (
        f"Most of the mask's edge is {kind}, which means remove. If the other part should be "
        "removed, send another mask_convention."
    )
    return (note,)


class _Marker:
    """Marks the light pixels of a file, or with `is_inverted` the dark ones."""

    def __init__(
        self,
        source: Source,
        colours: NDArray[Any],
        alpha: NDArray[Any] | None,
        found: str,
        *,
        is_inverted: bool,
    ) -> None:
        self._is_lossless = source.picture.lossless
        self._found = found
        counts_numbers = source.is_indexed and alpha is None and not is_inverted
        self._numbers = source.numbers if counts_numbers else None
        if is_inverted:
            colours = np.iinfo(colours.dtype).max - colours
        self._colours = colours if alpha is None else colour_tools.put_on_black(colours, alpha)

    def mark(self) -> NDArray[np.bool_]:
        """Return the marked pixels, [H,W]. Raises MaskRejected."""
        grey = colour_tools.find_grey(self._colours)
        if self._numbers is not None and self._is_numbered(self._numbers, grey):
            return self._mark_numbers(self._numbers)
        if grey is not None:
            return _mark_grey(grey, self._found, is_lossless=self._is_lossless)
        return self._mark_colours()

    def _is_numbered(self, numbers: Values, grey: Values | None) -> bool:
        """Return whether the palette is only to be looked at: its numbers are what counts."""
        if grey is not None and not _has_more_levels(numbers, grey):
            return False
        return structure.is_numbered(numbers)

    def _mark_numbers(self, numbers: Values) -> NDArray[np.bool_]:
        levels = structure.list_levels(numbers).tolist()
        marked = numbers > levels[0] if len(levels) == 2 else numbers > 0
        if len(levels) == 2 and not self._is_lighter(marked):
            raise refusals.build_unclear_error(f"{self._found}, and the higher is the darker one")
        _refuse_marked_frame(marked, self._found)
        return marked

    def _is_lighter(self, marked: NDArray[np.bool_]) -> bool:
        """Return whether the marked pixels are as light as the others."""
        shown = to_8_bits(self._colours)
        luminance = colour_tools.to_luminance(shown)
        return bool(luminance[marked].max() >= luminance[~marked].max())

    def _mark_colours(self) -> NDArray[np.bool_]:
        shown = to_8_bits(self._colours)
        codes = colour_tools.pack_colours(shown)
        used = colour_tools.list_colours(codes)
        has_black = used[0] == colour_tools.BLACK_CODE
        if self._is_lossless and has_black and colour_tools.are_few_flat(codes, used):
            marked = np.asarray(codes != colour_tools.BLACK_CODE)
            _refuse_marked_frame(marked, self._found)
            return marked
        values = shown.max(axis=2) if has_black else colour_tools.to_luminance(shown)
        if not structure.is_two_valued(values, is_lossless=self._is_lossless):
            raise refusals.build_unclear_error(self._found)
        is_clean = self._is_lossless and not structure.is_noisy(values)
        marked = _mark_two_valued(values, is_clean=is_clean)
        if structure.measure_frame(marked) > MOST_OF_FRAME:
            raise refusals.build_coloured_ground_error()
        return marked


def _has_more_levels(numbers: Values, grey: Values) -> bool:
    """Return whether pixels of several numbers have the same grey, so that greys hide labels."""
    return len(structure.list_levels(numbers)) > len(structure.list_levels(grey))


def _mark_grey(values: Values, found: str, *, is_lossless: bool) -> NDArray[np.bool_]:
    """Mark the higher of two values, or all but 0 in a picture of numbered areas."""
    levels = structure.list_levels(values).tolist()
    if len(levels) == 1:
        return np.asarray(values > int(np.iinfo(values.dtype).max) // 2)
    if len(levels) == 2:
        return np.asarray(values == levels[1])
    shallow = to_8_bits(values)
    is_clean = is_lossless and not structure.is_noisy(shallow)
    if is_clean and levels[0] == 0 and structure.is_numbered(values):
        if not structure.is_two_valued(shallow, is_lossless=True, end_share=0):
            _refuse_marked_frame(values > 0, found)
        return np.asarray(values > 0)
    if not structure.is_two_valued(shallow, is_lossless=is_lossless):
        raise refusals.build_unclear_error(found)
    return _mark_two_valued(shallow, is_clean=is_clean)


def _refuse_marked_frame(marked: NDArray[np.bool_], found: str) -> None:
    """Raise MaskRejected if the areas above 0 are most of the frame: 0 is hardly the ground."""
    if structure.measure_frame(marked) > MOST_OF_FRAME:
        raise refusals.build_marked_frame_error(found)


def _mark_two_valued(values: NDArray[np.uint8], *, is_clean: bool) -> NDArray[np.bool_]:
    """Mark all that is above the lower value, soft edges included, but not the noise of a JPEG."""
    lowest, highest = int(values.min()), int(values.max())
    if is_clean:
        return np.asarray(values > lowest)
    return np.asarray(values >= lowest + max((highest - lowest) * _NOISE_FLOOR // 255, 1))
