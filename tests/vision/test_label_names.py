"""Names of objects: which are known, which are near, and which objects they choose."""

import re

import pytest

from vision.detectors.base import Box, Detection
from vision.detectors.labels import LABELS
from vision.errors import VisionError
from vision.label_names import (
    _CONFUSED,
    _WORDS,
    ACCEPTED_LABELS,
    GROUPS,
    check_labels,
    describe_missing,
    find_near_labels,
    match_labels,
)


def build_object(label: str, *parents: str) -> Detection:
    return Detection(label, 0.9, Box(1, 1, 9, 9), parents, "local")


@pytest.mark.parametrize(
    ("label", "near"),
    [
        ("fox", ["animal"]),
        ("preson", ["person"]),
        ("traffic lights", ["traffic light"]),
        ("sofa", ["couch"]),
        ("Pickup", ["truck", "car"]),
        ("unicorn", []),
    ],
)
def test_a_label_that_the_detector_cannot_find_is_refused_with_near_ones(
    label: str, near: list[str]
) -> None:
    assert find_near_labels(label, ACCEPTED_LABELS) == near
    names = ", ".join(f"“{name}”" for name in near)
    message = f"“{label}”. Near it: {names}." if near else "“unicorn”. It knows: airplane, "
    with pytest.raises(VisionError, match=re.escape(message)) as refusal:
        check_labels(["person", label], "local")
    assert refusal.value.code == "label_unsupported"


def test_any_label_may_be_asked_of_a_detector_whose_labels_are_not_known() -> None:
    check_labels(["fox"], "rekognition")


def test_the_labels_of_the_tables_exist() -> None:
    members = {label for part in _CONFUSED for label in part}
    assert members <= set(LABELS)
    assert {label for labels in _WORDS.values() for label in labels} <= set(LABELS)
    assert not set(_WORDS) & set(ACCEPTED_LABELS)
    assert not set(GROUPS) & set(LABELS)


def test_labels_choose_objects_by_their_name_or_a_broader_one() -> None:
    dog, truck, car = build_object("dog", "animal"), build_object("truck"), build_object("car")
    objects = [dog, truck, car]
    for labels, found, missing in (
        (["dog"], [dog], ()),
        ([" DOG "], [dog], ()),
        (["animal"], [dog], ()),
        (["car"], [car], ()),
        (["vehicle"], [truck, car], ()),
        (["car", "vehicle"], [truck, car], ()),
        (["cat", "dog", "cat"], [dog], ("cat",)),
        (["bus"], [], ("bus",)),
    ):
        match = match_labels(labels, objects)
        assert (match.found, match.missing) == (found, missing), labels


def test_near_labels_of_a_photo_are_offered_as_one_choice() -> None:
    text = describe_missing(["car", "cup"], ["truck", "person", "bus"])
    assert text == (
        "There is no “car” and no “cup” in this photo. Near “car” is “bus”, “truck”; "
        "“vehicle” stands for all of them. Found: bus, person, truck."
    )
    assert describe_missing(["dog"], []) == "There is no “dog” in this photo. Found: nothing."
    assert "Near “dog” is “animal”. Found" in describe_missing(["dog"], ["animal"])
