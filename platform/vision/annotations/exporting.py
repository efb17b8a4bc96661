"""Writes masks and detections as JSON of COCO and of Label Studio."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from vision import masks
from vision.annotations import brush_rle, coco_rle
from vision.masks import Mask, Polygon

_BRUSH_TAG, _IMAGE_TAG = "tag", "image"


@dataclass(frozen=True)
class Region:
    """A named region of a picture.

    Attributes:
        label: its name, not empty.
        pixels: [H,W] uint8, 255 = inside.
        polygons: the outline, if it is known; else COCO gets run lengths.
        score: confidence, 0 to 1; None for what a person marked.
    """

    label: str
    pixels: Mask
    polygons: Sequence[Polygon] = ()
    score: float | None = None


def build_coco(file_name: str, size: tuple[int, int], regions: Sequence[Region]) -> dict[str, Any]:
    """Return a COCO dataset (object detection, cocodataset.org/#format-data) of one picture.

    `size`: (height, width) of the picture.
    """
    labels = sorted({region.label for region in regions})
    ids = {label: place for place, label in enumerate(labels, start=1)}
    return {
        "images": [{"id": 1, "file_name": file_name, "width": size[1], "height": size[0]}],
        "categories": [{"id": ids[label], "name": label} for label in labels],
        "annotations": [
            _build_annotation(place, ids[region.label], region)
            for place, region in enumerate(regions, start=1)
        ],
    }


def _build_annotation(place: int, category: int, region: Region) -> dict[str, Any]:
    if region.polygons:
        segmentation: Any = [[side for corner in one for side in corner] for one in region.polygons]
    else:
        counts = coco_rle.count_runs(region.pixels)
        segmentation = {"size": [*region.pixels.shape], "counts": coco_rle.pack_counts(counts)}
    annotation = {
        "id": place,
        "image_id": 1,
        "category_id": category,
        "segmentation": segmentation,
        "area": int(np.count_nonzero(region.pixels)),
        "bbox": [*(masks.find_bounding_box(region.pixels) or (0, 0, 0, 0))],
        "iscrowd": 0,
    }
    return annotation if region.score is None else annotation | {"score": region.score}


def build_label_studio(
    file_name: str, size: tuple[int, int], regions: Sequence[Region]
) -> list[dict[str, Any]]:
    """Return the tasks of a Label Studio import: one, with a brush stroke for each region.

    `size`: (height, width) of the picture. What has a score becomes a prediction, else an
    annotation. The labelling interface needs `<BrushLabels name="tag" toName="image">`.
    """
    is_prediction = any(region.score is not None for region in regions)
    results = [_build_result(place, size, region) for place, region in enumerate(regions, start=1)]
    kind = "predictions" if is_prediction else "annotations"
    return [{"data": {_IMAGE_TAG: file_name}, kind: [{"result": results}]}]


def _build_result(place: int, size: tuple[int, int], region: Region) -> dict[str, Any]:
    value = {
        "format": "rle",
        "rle": brush_rle.pack_brush(region.pixels),
        "brushlabels": [region.label],
    }
    result = {
        "id": str(place),
        "type": "brushlabels",
        "from_name": _BRUSH_TAG,
        "to_name": _IMAGE_TAG,
        "original_width": size[1],
        "original_height": size[0],
        "image_rotation": 0,
        "value": value,
    }
    return result if region.score is None else result | {"score": region.score}
