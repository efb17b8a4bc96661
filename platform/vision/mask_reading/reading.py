"""Reads a mask file: a picture, or an annotation of COCO or Label Studio."""

import numpy as np

from vision.annotations.importing import is_annotation, read_annotation
from vision.errors import MaskRejected, PictureRejected
from vision.images import DEFAULT_LIMITS, decode
from vision.mask_reading.conventions import ANNOTATION, MaskFile, MaskReading
from vision.mask_reading.judging import Source, judge_source
from vision.mask_reading.numbers import is_indexed, read_numbers
from vision.mask_reading.refusals import build_no_numbers_error
from vision.mask_reading.sizes import check_shape, fit_size


def read_mask(file: MaskFile, shape: tuple[int, int]) -> MaskReading:
    """Read the mask of a photo of `shape` (height, width) from a file that a person sent.

    A file of the photo's proportions but another size is scaled to the nearest pixel.

    Raises MaskRejected: mask_unreadable, mask_wrong_size, mask_unclear, mask_value_absent, and
    mask_empty for the convention `transparent` and a file without a transparent part. Any other
    file that marks nothing is accepted, because the selection may have other marks.
    """
    if is_annotation(file.data):
        return _read_annotation(file, shape)
    try:
        picture = decode(file.data, limits=DEFAULT_LIMITS.admit_size(shape[1], shape[0]))
    except PictureRejected as reason:
        raise MaskRejected(f"The mask: {reason.message}", code="mask_unreadable") from reason
    check_shape((picture.height, picture.width), shape)
    source = Source(picture, read_numbers(file.data, picture), is_indexed(file.data))
    judgement = judge_source(source, file.convention, file.value)
    mask = np.where(judgement.marked, np.uint8(255), np.uint8(0))
    pixels, size_notes = fit_size(mask, shape)
    notes = (*judgement.notes, *size_notes)
    return MaskReading(pixels, judgement.convention, notes, judgement.found)


def _read_annotation(file: MaskFile, shape: tuple[int, int]) -> MaskReading:
    if file.value is not None:
        raise build_no_numbers_error()
    mask, notes = read_annotation(file.data, shape)
    check_shape(mask.shape, shape)
    pixels, size_notes = fit_size(mask, shape)
    return MaskReading(pixels, ANNOTATION, (*notes, *size_notes), "its regions are empty")
