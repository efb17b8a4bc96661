"""Finds the regions in the JSON of COCO and of Label Studio."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Size = tuple[int, int]
"""(height, width) in pixels."""

MAX_SIDE = 100_000
MAX_CORNERS = 100_000


class NotReadable(ValueError):
    """What is wrong with the JSON, in words that follow "The mask file: "."""


@dataclass(frozen=True)
class PolygonRegion:
    """A COCO polygon, [x, y, x, y, …]; `size` of its picture, if the file states it."""

    corners: list[tuple[float, float]]
    size: Size | None


@dataclass(frozen=True)
class RunsRegion:
    """COCO's run lengths, as a list or as text."""

    counts: list[int] | str
    size: Size


@dataclass(frozen=True)
class BrushRegion:
    """The bytes of a stroke of Label Studio's brush."""

    data: list[int]
    size: Size


@dataclass(frozen=True)
class OtherRegion:
    """A region of a kind that is not read: a box, a point, a text."""


Region = PolygonRegion | RunsRegion | BrushRegion | OtherRegion


def find_regions(document: Any) -> Iterator[Region]:
    """Yield the regions of one picture: of COCO annotations, or of a Label Studio task.

    Raises NotReadable, also if the regions are of several pictures.
    """
    if isinstance(document, list):
        _refuse_several_tasks(document)
        for item in document:
            yield from find_regions(item)
    elif isinstance(document, dict):
        if isinstance(document.get("images"), list):
            yield from _find_in_dataset(document)
        elif "segmentation" in document:
            yield from _find_in_segmentation(document["segmentation"], None)
        elif "counts" in document:
            yield from _find_in_segmentation(document, None)
        else:
            yield from _find_in_task(document)
    else:
        raise NotReadable("its JSON has something else than annotations")


def _find_in_dataset(document: Mapping[str, Any]) -> Iterator[Region]:
    """Yield the regions of a COCO dataset, with the size of their picture."""
    annotations = _check_list(document.get("annotations"), "annotations")
    ids = {str(_check_object(one).get("image_id")) for one in annotations}
    if len(ids) > 1:
        raise NotReadable("it has annotations of several pictures; send those of one")
    images = [_check_object(image) for image in document["images"]]
    own = [image for image in images if str(image.get("id")) in ids] or images[:1]
    has_size = bool(own) and "width" in own[0] and "height" in own[0]
    size = _read_size(own[0]["height"], own[0]["width"]) if has_size else None
    for one in annotations:
        yield from _find_in_segmentation(one.get("segmentation"), size)


def _find_in_segmentation(segmentation: Any, size: Size | None) -> Iterator[Region]:
    if isinstance(segmentation, dict):
        height, width = _check_pair(segmentation.get("size"))
        yield RunsRegion(_read_counts(segmentation.get("counts")), _read_size(height, width))
    elif isinstance(segmentation, list) and segmentation:
        for polygon in segmentation:
            yield PolygonRegion(_read_corners(polygon), size)
    else:
        yield OtherRegion()


def _find_in_task(document: dict[str, Any]) -> Iterator[Region]:
    """Yield the regions of a Label Studio task, annotation or result."""
    if "value" in document:
        yield _read_result(document)
        return
    for name in ("annotations", "completions", "predictions", "result"):
        listed = _check_list(document.get(name) or [], name)
        items = [one for one in listed if not _is_cancelled(one)]
        if items:
            yield from find_regions(items)
            return
    found = False
    # The short export of Label Studio has the values of each tag beside the task's data.
    for values in document.values():
        for value in values if isinstance(values, list) else ():
            if isinstance(value, dict) and "rle" in value:
                found = True
                yield _read_result(document | value | {"value": value})
    if not found:
        raise NotReadable("its JSON has no annotations of COCO or Label Studio")


def _refuse_several_tasks(items: list[Any]) -> None:
    names = ("annotations", "completions", "predictions")
    tasks = [one for one in items if isinstance(one, dict) and any(name in one for name in names)]
    if len(tasks) > 1:
        raise NotReadable("it has several tasks; send that of one picture")
    annotations = [one for one in items if isinstance(one, dict)]
    if len({str(one["image_id"]) for one in annotations if "image_id" in one}) > 1:
        raise NotReadable("it has annotations of several pictures; send those of one")


def _read_result(result: Mapping[str, Any]) -> Region:
    value = result.get("value")
    if not isinstance(value, dict) or "rle" not in value:
        return OtherRegion()
    sides = [value.get(name, result.get(name)) for name in ("original_height", "original_width")]
    data = value["rle"]
    is_bytes = isinstance(data, list) and all(
        type(byte) is int and 0 <= byte < 256 for byte in data
    )
    if not is_bytes:
        raise NotReadable("a brush stroke is not a list of bytes")
    return BrushRegion(data, _read_size(*sides))


def _read_counts(counts: Any) -> list[int] | str:
    if isinstance(counts, str):
        return counts
    numbers = _check_list(counts, "counts")
    if not all(type(count) is int and 0 <= count <= MAX_SIDE**2 for count in numbers):
        raise NotReadable("its counts are not whole numbers from 0")
    return numbers


def _read_corners(polygon: Any) -> list[tuple[float, float]]:
    numbers = _check_list(polygon, "a polygon")
    if not all(type(number) in (int, float) and abs(number) <= MAX_SIDE for number in numbers):
        raise NotReadable("a polygon has something else than pixels")
    if len(numbers) % 2 or not 6 <= len(numbers) <= 2 * MAX_CORNERS:
        raise NotReadable("a polygon is not [x, y, x, y, …] with at least three corners")
    return [(float(x), float(y)) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]


def _read_size(height: Any, width: Any) -> Size:
    if not all(type(side) is int and 0 < side <= MAX_SIDE for side in (height, width)):
        raise NotReadable("the size of its picture is missing or no whole number of pixels")
    return height, width


def _check_pair(value: Any) -> tuple[Any, Any]:
    pair = _check_list(value, "size")
    if len(pair) != 2:
        raise NotReadable("size is not [height, width]")
    return pair[0], pair[1]


def _check_list(value: Any, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise NotReadable(f"{name} is no list")
    return value


def _check_object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise NotReadable("an annotation is no object")
    return value


def _is_cancelled(item: Any) -> bool:
    return isinstance(item, dict) and bool(item.get("was_cancelled"))
