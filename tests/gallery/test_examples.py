"""The example library: its pictures with credits, and what it does with bad or missing files."""

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
from operations.management.commands import prepare
from tests import images
from web.errors import NotThere

PICTURE = images.build_jpeg(40, 30)


@pytest.fixture(autouse=True)
def _no_source(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_the_pictures_of_scikit_image_are_always_listed() -> None:
    examples = {example.id: example for example in list_examples()}

    assert set(examples) == {"astronaut", "cat", "coffee", "photographer", "rocket"}
    for example in examples.values():
        with Image.open(example.file) as picture:
            assert picture.size == (example.width, example.height)
        assert example.credit
        assert example.licence in {"CC0", "Public domain"}


def test_the_photos_of_the_mirror_have_the_sizes_and_credits_of_the_table(
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


def test_without_network_only_the_installed_pictures_are_listed(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    (mirror / FETCHED[1].file).write_bytes(PICTURE)
    settings.EXAMPLES_MIRROR = mirror

    missing = fetch_examples()

    assert missing == list(FETCHED)
    assert "has another digest" in caplog.text
    assert caplog.text.count("no network in this test") == 1
    assert {example.id for example in list_examples()} == {picture.id for picture in INSTALLED}
    assert not any(Path(settings.EXAMPLES_DIR).rglob("*.jpg"))


def test_every_url_names_a_commit() -> None:
    for picture in FETCHED:
        assert picture.url.startswith("https://raw.githubusercontent.com/")
        assert len(picture.url.split("/")[5]) == 40


def test_pictures_of_the_own_folder_are_listed_with_credits(
    own_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
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


def test_a_broken_file_is_read_and_logged_once(
    own_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (own_folder / "broken.jpg").write_bytes(b"nothing")
    list_examples()
    caplog.clear()

    list_examples()

    assert caplog.text == ""


def test_a_changed_file_is_read_again(own_folder: Path) -> None:
    file = own_folder / "scene.png"
    file.write_bytes(images.build_png(20, 10))
    before = list_examples()[-1]
    file.write_bytes(images.build_png(30, 40))

    assert (before.width, before.height) == (20, 10)
    assert (list_examples()[-1].width, list_examples()[-1].height) == (30, 40)


@pytest.mark.parametrize("credits_text", ["{", '["a list"]'])
def test_unreadable_credits_are_logged_and_not_used(
    own_folder: Path, credits_text: str, caplog: pytest.LogCaptureFixture
) -> None:
    (own_folder / "credits.json").write_text(credits_text)
    (own_folder / "scene.png").write_bytes(images.build_png(20, 10))

    assert list_examples()[-1].credit == "From your own folder"
    assert "credits.json is not used" in caplog.text


def test_a_missing_folder_is_logged_and_left_out(
    own_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    own_folder.rmdir()

    assert len(list_examples()) == len(INSTALLED)
    assert "cannot be read" in caplog.text


def test_thumbnails_are_small_and_cached(settings: Settings) -> None:
    first = get_example_thumbnail(get_example("astronaut"))
    kept = list((Path(settings.EXAMPLES_DIR) / "thumbnails").glob("*.webp"))
    kept[0].write_bytes(b"from the cache")

    with Image.open(io.BytesIO(first)) as picture:
        assert (picture.format, picture.size) == ("WEBP", (480, 480))
    assert get_example_thumbnail(get_example("astronaut")) == b"from the cache"


def test_an_unknown_example_is_not_there() -> None:
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


def test_an_interrupted_load_is_repeated_without_duplicates(
    alice: User, settings: Settings
) -> None:
    demo_examples_load(user=alice)
    next(Path(settings.EXAMPLES_DIR).glob("loaded-*.txt")).unlink()

    demo_examples_load(user=alice)

    assert Photo.objects.count() == len(INSTALLED)


@pytest.mark.django_db
def test_prepare_works_offline_and_tries_the_network_once(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA_DIR = tmp_path
    settings.MODEL_MIRROR = None
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:1/simple/")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    first, second = io.StringIO(), io.StringIO()

    call_command("prepare", stdout=first, stderr=first)
    call_command("prepare", stdout=second, stderr=second)

    assert "could not be fetched" in first.getvalue()
    assert f"Added {len(INSTALLED)} of {len(INSTALLED)} examples" in first.getvalue()
    assert "could not be fetched" not in second.getvalue()
    assert "Fox on a gravel lane" in second.getvalue()
    assert Photo.objects.filter(album__name="Examples").count() == len(INSTALLED)


@pytest.mark.django_db
@pytest.mark.parametrize(("inpainter", "options"), [("auto", []), ("lama", ["--with=lama"])])
def test_prepare_fetches_the_inpainter_from_the_settings(
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    inpainter: str,
    options: list[str],
) -> None:
    settings.DATA_DIR, settings.INPAINTER = tmp_path, inpainter
    settings.DEMO_ENABLED = False
    calls: list[tuple[str, ...]] = []
    monkeypatch.setattr(prepare, "call_command", lambda *words, **_: calls.append(words))

    prepare.Command(stdout=io.StringIO(), stderr=io.StringIO()).handle()

    assert ("weights", "fetch", *options) in calls


@pytest.mark.django_db
def test_production_gets_no_demo_account(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    settings.DEMO_ENABLED = False
    settings.ENVIRONMENT = "production"

    call_command("prepare", stdout=io.StringIO(), stderr=io.StringIO())

    assert not User.objects.exists()
