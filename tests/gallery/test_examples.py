"""The example library: what is there, with credit; what is missing or broken does no harm."""

import hashlib
import http.client
import io
import json
import urllib.request
from pathlib import Path

import pytest
from django.core.management import call_command
from PIL import Image
from pytest_django import Settings

from accounts.models import User
from gallery.examples import fetch_examples, get_example, get_example_thumbnail, list_examples
from gallery.examples.table import FETCHED, INSTALLED
from gallery.models import Album, Photo
from gallery.services import album_delete, demo_examples_load, example_copy, photo_delete
from tests import images
from web.errors import NotThere

PICTURE = images.build_jpeg(40, 30)


@pytest.fixture(autouse=True)
def _nothing_to_fetch_from(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.EXAMPLES_MIRROR = settings.EXAMPLES_EXTRA = None

    def refuse(*_arguments: object, **_options: object) -> http.client.HTTPResponse:
        raise OSError("no network in this test")

    monkeypatch.setattr(urllib.request, "urlopen", refuse)


@pytest.fixture
def own_folder(settings: Settings, tmp_path: Path) -> Path:
    """An empty folder that VANISH_EXAMPLES names."""
    folder = tmp_path / "own"
    folder.mkdir()
    settings.EXAMPLES_EXTRA = folder
    return folder


def test_the_pictures_that_scikit_image_installs_are_always_there() -> None:
    shown = {example.id: example for example in list_examples()}

    assert set(shown) == {"astronaut", "cat", "coffee", "rocket"}
    for example in shown.values():
        with Image.open(example.file) as picture:
            assert picture.size == (example.width, example.height)
        assert example.credit
        assert example.licence in {"CC0", "Public domain"}


def test_the_photos_are_taken_from_the_mirror_and_are_what_they_should_be(
    settings: Settings, photos: Path
) -> None:
    settings.EXAMPLES_MIRROR = photos

    assert fetch_examples() == []

    assert [example.id for example in list_examples()] == [it.id for it in (*FETCHED, *INSTALLED)]
    for example in list_examples()[: len(FETCHED)]:
        with Image.open(example.file) as picture:
            assert picture.size == (example.width, example.height)
        assert example.credit_line.endswith("on Unsplash, Unsplash licence")


def test_a_damaged_photo_is_fetched_again(settings: Settings, photos: Path) -> None:
    settings.EXAMPLES_MIRROR = photos
    fetch_examples()
    kept = Path(settings.EXAMPLES_DIR) / FETCHED[0].file
    kept.write_bytes(b"damaged")

    assert fetch_examples() == []
    assert hashlib.sha256(kept.read_bytes()).hexdigest() == FETCHED[0].sha256


def test_without_network_what_is_there_is_used(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = tmp_path / "mirror"
    wrong.mkdir()
    (wrong / FETCHED[1].file).write_bytes(PICTURE)
    settings.EXAMPLES_MIRROR = wrong

    missing = fetch_examples()

    assert missing == list(FETCHED)
    assert "has another digest" in caplog.text
    assert caplog.text.count("no network in this test") == 1
    assert {example.id for example in list_examples()} == {picture.id for picture in INSTALLED}
    assert not any(Path(settings.EXAMPLES_DIR).rglob("*.jpg"))


def test_addresses_name_a_commit() -> None:
    for picture in FETCHED:
        assert picture.url.startswith("https://raw.githubusercontent.com/")
        assert len(picture.url.split("/")[5]) == 40


def test_a_folder_of_ones_own(own_folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    (own_folder / "north_sea-beach.jpg").write_bytes(PICTURE)
    (own_folder / "mill.png").write_bytes(images.build_png(20, 10))
    (own_folder / "broken.jpg").write_bytes(PICTURE[:200])
    (own_folder / "notes.txt").write_text("not a picture")
    (own_folder / "credits.json").write_text(json.dumps({"mill.png": "Jo Miller, CC-BY 4.0"}))

    own = [example for example in list_examples() if example.id.startswith("own-")]

    assert [(example.title, example.credit) for example in own] == [
        ("Mill", "Jo Miller, CC-BY 4.0"),
        ("North sea beach", "From your own folder"),
    ]
    assert [(example.width, example.height) for example in own] == [(20, 10), (40, 30)]
    assert "broken.jpg is left out" in caplog.text
    assert get_example(own[0].id) == own[0]


def test_a_broken_file_is_looked_at_once(
    own_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (own_folder / "broken.jpg").write_bytes(b"nothing")
    list_examples()
    caplog.clear()

    list_examples()

    assert caplog.text == ""


def test_a_file_that_changed_is_looked_at_again(own_folder: Path) -> None:
    file = own_folder / "scene.png"
    file.write_bytes(images.build_png(20, 10))
    before = list_examples()[-1]
    file.write_bytes(images.build_png(30, 40))

    assert (before.width, before.height) == (20, 10)
    assert (list_examples()[-1].width, list_examples()[-1].height) == (30, 40)


@pytest.mark.parametrize("told", ["{", '["a list"]'])
def test_unreadable_credits_do_no_harm(
    own_folder: Path, told: str, caplog: pytest.LogCaptureFixture
) -> None:
    (own_folder / "credits.json").write_text(told)
    (own_folder / "scene.png").write_bytes(images.build_png(20, 10))

    assert list_examples()[-1].credit == "From your own folder"
    assert "credits.json is not used" in caplog.text


def test_a_folder_that_went_away_is_only_missing(
    own_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    own_folder.rmdir()

    assert len(list_examples()) == len(INSTALLED)
    assert "cannot be read" in caplog.text


def test_thumbnails_are_made_once_and_small(settings: Settings) -> None:
    first = get_example_thumbnail(get_example("astronaut"))
    kept = list((Path(settings.EXAMPLES_DIR) / "thumbnails").glob("*.webp"))
    kept[0].write_bytes(b"from the cache")

    with Image.open(io.BytesIO(first)) as picture:
        assert (picture.format, picture.size) == ("WEBP", (480, 480))
    assert get_example_thumbnail(get_example("astronaut")) == b"from the cache"


def test_an_unknown_example() -> None:
    with pytest.raises(NotThere):
        get_example("../../etc/passwd")


def test_an_example_becomes_a_photo_with_its_credit(alice: User) -> None:
    photo = example_copy(user=alice, example_id="cat")

    example = get_example("cat")
    assert photo.title == "Chelsea the cat"
    assert photo.credit == "Stéfan van der Walt, CC0"
    assert photo.original_sha256 == hashlib.sha256(example.file.read_bytes()).hexdigest()
    assert (photo.width, photo.height) == (example.width, example.height)


def test_the_demo_album_gets_each_example_once(alice: User) -> None:
    assert demo_examples_load(user=alice) == len(INSTALLED)
    album = Album.objects.get(name="Examples")
    photo_delete(user=alice, photo=album.photos.all()[0])

    assert demo_examples_load(user=alice) == 0
    assert album.photos.count() == len(INSTALLED) - 1

    album_delete(user=alice, album=album)
    assert demo_examples_load(user=alice) == 0
    assert not Album.objects.filter(name="Examples").exists()


def test_a_start_that_broke_off_is_taken_up_without_doubles(
    alice: User, settings: Settings
) -> None:
    demo_examples_load(user=alice)
    next(Path(settings.EXAMPLES_DIR).glob("loaded-*.txt")).unlink()

    demo_examples_load(user=alice)

    assert Photo.objects.count() == len(INSTALLED)


@pytest.mark.django_db
def test_preparing_offline_goes_on_and_does_not_wait_for_the_network_twice(
    settings: Settings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    settings.MODEL_MIRROR = None
    first, second = io.StringIO(), io.StringIO()

    call_command("prepare", stdout=first, stderr=first)
    call_command("prepare", stdout=second, stderr=second)

    assert "could not be fetched" in first.getvalue()
    assert "Added 4 of 4 examples" in first.getvalue()
    assert "could not be fetched" not in second.getvalue()
    assert "Fox on a gravel lane" in second.getvalue()
    assert Photo.objects.filter(album__name="Examples").count() == len(INSTALLED)


@pytest.mark.django_db
def test_production_gets_no_demo_account(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    settings.DEMO_ENABLED = False
    settings.ENVIRONMENT = "production"

    call_command("prepare", stdout=io.StringIO(), stderr=io.StringIO())

    assert not User.objects.exists()
