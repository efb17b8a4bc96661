"""Masks from JSON of COCO and Label Studio, and back."""

import json
from typing import Any

import numpy as np
import pytest

from vision.annotations import brush_rle, coco_rle
from vision.annotations.exporting import Region, build_coco, build_label_studio
from vision.errors import MaskRejected
from vision.mask_reading import MaskFile, MaskReading, read_mask
from vision.masks import Mask, from_boxes, from_polygons

SHAPE = (40, 60)
BOX = from_boxes(SHAPE, [(20, 10, 20, 16)])
OTHER = from_boxes(SHAPE, [(2, 3, 7, 5)])
POLYGON = [20, 10, 40, 10, 40, 26, 20, 26]


def read_document(document: Any) -> MaskReading:
    return read_mask(MaskFile(json.dumps(document).encode()), SHAPE)


def build_runs(mask: Mask, *, is_text: bool = True) -> dict[str, Any]:
    counts = coco_rle.count_runs(mask)
    return {
        "size": [*mask.shape],
        "counts": coco_rle.pack_counts(counts) if is_text else counts.tolist(),
    }


def build_stroke(mask: Mask) -> dict[str, Any]:
    height, width = mask.shape
    value = {"format": "rle", "rle": brush_rle.pack_brush(mask), "brushlabels": ["cat"]}
    return {
        "type": "brushlabels",
        "original_width": width,
        "original_height": height,
        "value": value,
    }


RECTANGLE = {
    "type": "rectanglelabels",
    "original_width": 60,
    "original_height": 40,
    "value": {"x": 1, "y": 1, "width": 5, "height": 5, "rectanglelabels": ["cat"]},
}
DATASET = {
    "images": [{"id": 7, "width": 60, "height": 40}, {"id": 8, "width": 5, "height": 5}],
    "annotations": [{"image_id": 7, "segmentation": [POLYGON], "category_id": 1}],
}
SHORT = {"id": 1, "image": "a.png", "tag": [build_stroke(BOX)["value"]]} | {
    "original_width": 60,
    "original_height": 40,
}


@pytest.mark.parametrize(
    "document",
    [
        build_runs(BOX),
        build_runs(BOX, is_text=False),
        {"segmentation": build_runs(BOX), "iscrowd": 1},
        {"segmentation": [POLYGON]},
        [{"segmentation": [POLYGON]}],
        {"annotations": [{"segmentation": build_runs(BOX)}]},
        DATASET,
        build_stroke(BOX),
        [build_stroke(BOX)],
        {"result": [build_stroke(BOX)]},
        [{"id": 1, "annotations": [{"result": [build_stroke(BOX)]}]}],
        {"annotations": [], "predictions": [{"result": [build_stroke(BOX)]}]},
        SHORT,
    ],
)
def test_every_form_of_an_annotation_is_read(document: Any) -> None:
    reading = read_document(document)
    np.testing.assert_array_equal(reading.pixels, BOX)
    assert (reading.convention, reading.notes) == ("annotation", ())


@pytest.mark.parametrize(
    "document",
    [
        [{"segmentation": build_runs(BOX)}, {"segmentation": build_runs(OTHER)}],
        [{"segmentation": [POLYGON, [2, 3, 9, 3, 9, 8, 2, 8]]}],
        [{"segmentation": [POLYGON]}, {"segmentation": build_runs(OTHER)}],
        {"result": [build_stroke(BOX), build_stroke(OTHER)]},
    ],
)
def test_regions_are_united(document: Any) -> None:
    np.testing.assert_array_equal(read_document(document).pixels, np.maximum(BOX, OTHER))


def test_a_cancelled_annotation_is_left_out() -> None:
    annotations = [
        {"result": [build_stroke(BOX)]},
        {"result": [build_stroke(OTHER)], "was_cancelled": True},
    ]
    np.testing.assert_array_equal(read_document({"annotations": annotations}).pixels, BOX)


def test_an_annotation_of_another_size_is_scaled_with_a_note() -> None:
    large = np.kron(BOX, np.ones((2, 2), np.uint8))
    corners = [2 * side for side in POLYGON]
    polygon = {
        "images": [{"id": 1, "width": 120, "height": 80}],
        "annotations": [{"image_id": 1, "segmentation": [corners]}],
    }
    for document in (build_runs(large), build_stroke(large), polygon):
        reading = read_document(document)
        np.testing.assert_array_equal(reading.pixels, BOX)
        assert "scaled from 120 x 80 pixels" in reading.notes[0]
    with pytest.raises(MaskRejected, match="60 x 60 pixels, the picture 60 x 40") as caught:
        read_document(build_runs(np.ones((60, 60), np.uint8)))
    assert caught.value.code == "mask_wrong_size"


def test_regions_of_other_kinds_are_named() -> None:
    reading = read_document({"result": [build_stroke(BOX), RECTANGLE, RECTANGLE]})
    np.testing.assert_array_equal(reading.pixels, BOX)
    assert reading.notes[0].startswith("2 regions of the mask file")


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({}, "no annotations of COCO or Label Studio"),
        ({"result": [RECTANGLE]}, "no brush stroke, polygon or run lengths"),
        ({"annotations": [{"bbox": [1, 2, 3, 4]}], "images": []}, "no brush stroke"),
        ([1, 2], "something else than annotations"),
        ({"segmentation": [[1, 2, 3, 4]]}, "at least three corners"),
        ({"segmentation": [["a"] * 6]}, "something else than pixels"),
        ({"segmentation": [[1, 1, 500, 1, 500, 9]]}, "reaches out of the picture of 60 x 40"),
        ({"size": [40, 60], "counts": [5]}, "do not add up to 60 x 40 pixels"),
        ({"size": [40], "counts": [5]}, r"not \[height, width\]"),
        ({"size": [40, 60], "counts": "é"}, "The mask file"),
        ({"size": [40, 60], "counts": [1.5]}, "whole numbers"),
        ({"size": [4000, 6000], "counts": [24_000_000]}, "more than 4 times as large"),
        ([{"annotations": []}, {"annotations": []}], "several tasks"),
        ([{"image_id": n, "segmentation": [POLYGON]} for n in (1, 2)], "several pictures"),
        ([build_runs(BOX), build_runs(BOX[::2, ::2])], "several sizes"),
        ({"annotations": 5}, "annotations is no list"),
        ({"value": {"rle": [999]}}, "not a list of bytes"),
        ({"value": {"rle": [9]}}, "size of its picture is missing"),
        (
            {"segmentation": [[x for n in range(30_000) for x in (1, 40 * (n % 2))] * 2]},
            "too often",
        ),
    ],
)
def test_an_annotation_that_cannot_be_used_is_refused(document: Any, reason: str) -> None:
    with pytest.raises(MaskRejected, match=reason) as caught:
        read_document(document)
    assert caught.value.code == "mask_unreadable"


@pytest.mark.parametrize("data", [b"{", b"[" * 100_000, b'{"size": NaN}', b"[" + b" " * 2**24])
def test_json_that_is_broken_or_hostile_is_refused(data: bytes) -> None:
    with pytest.raises(MaskRejected, match="The mask file") as caught:
        read_mask(MaskFile(data), SHAPE)
    assert caught.value.code == "mask_unreadable"


def test_a_label_cannot_be_chosen_in_an_annotation() -> None:
    with pytest.raises(MaskRejected, match="only in a label mask"):
        read_mask(MaskFile(json.dumps(build_runs(BOX)).encode(), value=1), SHAPE)


def test_coco_has_outlines_or_run_lengths_and_reads_back() -> None:
    corners = [(20.0, 10.0), (40.0, 10.5), (33.0, 26.0)]
    triangle = from_polygons(SHAPE, [corners])
    regions = [Region("sign", OTHER), Region("dog", triangle, [corners], 0.75)]
    document = build_coco("beach.png", SHAPE, regions)
    assert document["images"] == [{"id": 1, "file_name": "beach.png", "width": 60, "height": 40}]
    assert document["categories"] == [{"id": 1, "name": "dog"}, {"id": 2, "name": "sign"}]
    sign, dog = document["annotations"]
    assert (sign["category_id"], sign["area"], sign["bbox"]) == (2, 35, [2, 3, 7, 5])
    assert sign["segmentation"] == build_runs(OTHER)
    assert dog["segmentation"] == [[20.0, 10.0, 40.0, 10.5, 33.0, 26.0]]
    assert dog["score"] == 0.75
    np.testing.assert_array_equal(read_document(document).pixels, np.maximum(OTHER, triangle))


@pytest.mark.parametrize(("score", "kind"), [(None, "annotations"), (0.5, "predictions")])
def test_label_studio_has_brush_strokes_and_reads_back(score: float | None, kind: str) -> None:
    document = build_label_studio("beach.png", SHAPE, [Region("dog", BOX, (), score)])
    (task,) = document
    assert task["data"] == {"image": "beach.png"}
    (result,) = task[kind][0]["result"]
    assert (result["original_width"], result["original_height"]) == (60, 40)
    assert result["value"]["brushlabels"] == ["dog"]
    np.testing.assert_array_equal(read_document(document).pixels, BOX)
