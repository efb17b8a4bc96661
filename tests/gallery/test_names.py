"""Which characters stay in names and titles."""

import pytest

from accounts.models import User
from gallery.models import Photo
from gallery.names import clean_name
from gallery.responses import to_safe_filename
from gallery.services import album_create, photo_update
from gallery.services.photos import clean_filename
from web.errors import Problem

PERSIAN = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"  # with a zero-width non-joiner
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"  # with zero-width joiners


@pytest.mark.parametrize("name", [PERSIAN, FAMILY, "Zo\u00eb \u3000 1", "\u05d0\u200f!"])
def test_joiners_marks_and_spaces_stay(name: str) -> None:
    assert clean_name(name) == name
    assert clean_filename(f"{name}.png") == f"{name}.png"
    assert to_safe_filename(f"{name}.png") == f"{name}.png"


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("photo\u202egnp.exe", "photognp.exe"),
        ("a\u2066b\u2069c", "abc"),
        ("a\x00b\nc\x7f", "abc"),
        ("a\u2028b", "ab"),
        ("\u200d\u200c", ""),
        (" \u202e ", ""),
    ],
    ids=["override", "isolate", "control", "line separator", "only joiners", "only overrides"],
)
def test_controls_and_overrides_are_removed(name: str, cleaned: str) -> None:
    assert clean_name(name) == cleaned


def test_titles_keep_their_joiners(alice: User, photo: Photo) -> None:
    assert photo_update(user=alice, photo=photo, title=f" {FAMILY}\u202e ").title == FAMILY
    assert album_create(user=alice, name=PERSIAN).name == PERSIAN


@pytest.mark.parametrize("title", ["\u200d", "\u202e \x00"])
def test_an_invisible_title_is_refused(alice: User, photo: Photo, title: str) -> None:
    with pytest.raises(Problem, match="Give the photo a title"):
        photo_update(user=alice, photo=photo, title=title)
