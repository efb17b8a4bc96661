"""The header Idempotency-Key: what is sent twice is done once."""

import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Token, User
from api.cleanup import kept_answers_sweep
from api.http.idempotency import once
from api.http.idempotency.answers import MAX_BYTES, pack_response, unpack_response
from api.models import KeptAnswer
from gallery.models import Album, Photo, ShareLink
from tests import images, people
from tests.api.caller import Caller, problem, session

pytestmark = pytest.mark.django_db
KEY = "8e03978e-40d5-43e8-bc93-6894a57f9324"
REPLAYED = "Idempotency-Replayed"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a first request that no other thread is at."""
    monkeypatch.setattr(once, "LONGEST_WAIT", 0.0)


def keyed(caller: Caller, key: str = KEY) -> Caller:
    return replace(caller, headers=caller.headers | {"Idempotency-Key": key})


def album_names() -> list[str]:
    return list(Album.objects.order_by("name").values_list("name", flat=True))


def told(answer: Any) -> tuple[int, bytes, str, str | None]:
    where = answer.headers.get("Location")
    return answer.status_code, answer.content, answer["Content-Type"], where


def test_the_same_again_is_told_again_and_not_done_again(owner: Caller) -> None:
    first = keyed(owner).post("albums/", {"name": "Sea"})
    again = keyed(owner).post("albums/", {"name": "Sea"})

    assert first.status_code == 201
    assert told(again) == told(first)
    assert (first.headers.get(REPLAYED), again.headers.get(REPLAYED)) == (None, "true")
    assert album_names() == ["Sea"]


def test_without_a_key_it_is_done_again(owner: Caller) -> None:
    for _ in range(2):
        owner.post("albums/", {"name": "Sea"})

    assert album_names() == ["Sea", "Sea"]
    assert not KeptAnswer.objects.exists()


def test_json_counts_by_its_value(owner: Caller) -> None:
    keyed(owner).client.post(
        "/api/v1/uploads/",
        '{"filename": "a.png", "length": 9}',
        "application/json",
        headers=keyed(owner).headers,
    )
    again = keyed(owner).client.post(
        "/api/v1/uploads/",
        '{"length":9,"filename":"a.png"}',
        "application/json",
        headers=keyed(owner).headers,
    )
    assert again[REPLAYED] == "true"


@pytest.mark.parametrize(
    ("path", "body"), [("albums/", {"name": "Lake"}), ("uploads/", {"name": "Sea"})]
)
def test_another_request_needs_another_key(owner: Caller, path: str, body: dict[str, str]) -> None:
    keyed(owner).post("albums/", {"name": "Sea"})

    refused = problem(keyed(owner).post(path, body), 422, "idempotency_key_reused")

    assert refused["errors"][0]["header"] == "Idempotency-Key"
    assert album_names() == ["Sea"]
    assert keyed(owner, "another").post("albums/", {"name": "Lake"}).status_code == 201


def test_a_form_counts_by_its_fields_and_the_bytes_of_its_files(owner: Caller) -> None:
    # One that lies on the disk while it is read, one that lies in memory.
    large, small = images.build_png(1600, 1200), images.build_png(32, 24)
    assert len(large) > 2.5 * 2**20 > len(small)
    for number, data in enumerate((large, small)):
        caller = keyed(owner, f"upload-{number}")
        first = caller.form("photos/", file=data, title="Beach")
        again = caller.form("photos/", file=data, title="Beach")
        assert (first.status_code, again.json()) == (201, first.json())

        flipped = data[:-1] + bytes([data[-1] ^ 1])
        for body in ({"file": data, "title": "Sea"}, {"file": flipped, "title": "Beach"}):
            problem(caller.form("photos/", **body), 422, "idempotency_key_reused")
    assert Photo.objects.count() == 2
    with Photo.objects.get(width=1600).original.open() as kept:
        assert kept.read() == large


def test_a_key_is_its_users_own(owner: Caller, stranger: Caller) -> None:
    for caller in (owner, stranger):
        answer = keyed(caller).post("albums/", {"name": "Sea"})
        assert (answer.status_code, REPLAYED in answer.headers) == (201, False)

    assert album_names() == ["Sea", "Sea"]


def test_a_refusal_leaves_the_key_free_for_the_mended_request(owner: Caller) -> None:
    problem(keyed(owner).post("albums/", {"name": ""}), 422, "name_missing")

    assert keyed(owner).post("albums/", {"name": "Sea"}).status_code == 201


def test_a_failure_leaves_the_key_free(owner: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> Album:
        raise RuntimeError("unforeseen")

    with monkeypatch.context() as broken:
        broken.setattr("api.views.albums.album_create", fail)
        problem(keyed(owner).post("albums/", {"name": "Sea"}), 500, "internal_error")

    assert keyed(owner).post("albums/", {"name": "Sea"}).status_code == 201
    assert album_names() == ["Sea"]


@pytest.fixture
def unfinished(owner: Caller) -> KeptAnswer:
    """A first request that never told what came of it."""
    keyed(owner).post("albums/", {"name": "Sea"})
    Album.objects.all().delete()
    KeptAnswer.objects.update(answer=None)
    return KeptAnswer.objects.get()


@pytest.mark.usefixtures("impatient", "unfinished")
def test_while_the_first_is_at_work_the_second_is_told_so(owner: Caller) -> None:
    answer = keyed(owner).post("albums/", {"name": "Sea"})

    problem(answer, 409, "idempotency_in_progress")
    assert answer["Retry-After"] == "1"
    problem(keyed(owner).post("albums/", {"name": "Lake"}), 422, "idempotency_key_reused")


def test_the_key_of_a_request_that_died_is_free_in_time(
    owner: Caller, unfinished: KeptAnswer
) -> None:
    unfinished.lease_expires_at = timezone.now()
    unfinished.save()

    for _ in range(2):
        assert keyed(owner).post("albums/", {"name": "Sea"}).status_code == 201
    assert album_names() == ["Sea"]


def test_what_comes_after_the_lease_is_not_kept_for_the_other(
    owner: Caller, unfinished: KeptAnswer
) -> None:
    late = unfinished.lease_id
    unfinished.lease_expires_at = timezone.now()
    unfinished.save()
    keyed(owner).post("albums/", {"name": "Sea"})

    assert KeptAnswer.objects.get().lease_id != late
    assert not KeptAnswer.objects.filter(lease_id=late).exists()


def test_after_a_day_the_key_is_new_and_its_row_goes(owner: Caller) -> None:
    keyed(owner).post("albums/", {"name": "Sea"})
    KeptAnswer.objects.update(created_at=timezone.now() - timedelta(hours=25))

    assert REPLAYED not in keyed(owner).post("albums/", {"name": "Lake"}).headers
    assert album_names() == ["Lake", "Sea"]
    assert kept_answers_sweep() == 0
    KeptAnswer.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert kept_answers_sweep() == 1


@pytest.mark.parametrize("key", ["x", "x" * 255, "!~", '"quoted"', r'"with\"marks\\"'])
def test_a_key_that_is_one(owner: Caller, key: str) -> None:
    assert keyed(owner, key).post("albums/", {"name": "Sea"}).status_code == 201


def test_quoted_or_bare_it_is_the_same_key(owner: Caller) -> None:
    keyed(owner, KEY).post("albums/", {"name": "Sea"})

    assert keyed(owner, f'"{KEY}"').post("albums/", {"name": "Sea"})[REPLAYED] == "true"


@pytest.mark.parametrize("key", ["", '""', "x" * 256, "two words", '"two words"', "schlüssel"])
def test_a_key_that_is_none(owner: Caller, key: str) -> None:
    refused = problem(
        keyed(owner, key).post("albums/", {"name": "Sea"}), 400, "idempotency_key_invalid"
    )

    assert refused["errors"][0]["header"] == "Idempotency-Key"
    assert album_names() == []


def test_a_body_that_cannot_be_read_takes_no_key(owner: Caller) -> None:
    headers = keyed(owner).headers
    refused = owner.client.post("/api/v1/albums/", "{", "application/json", headers=headers)

    assert refused.status_code == 400
    assert not KeptAnswer.objects.exists()


def test_only_posts_take_keys(owner: Caller, photo: Photo) -> None:
    for title in ("a", "b"):
        answer = keyed(owner).patch(f"photos/{photo.pk}/", {"title": title})
        assert answer.json()["title"] == title


def test_neither_key_nor_answer_stand_in_the_database_in_clear(owner: Caller) -> None:
    text = keyed(owner).post("auth/tokens/", {"name": "x"}).json()["token"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM api_keptanswer")
        row = repr([bytes(v) if isinstance(v, memoryview) else v for v in cursor.fetchone()])

    assert KEY not in row
    assert text not in row
    assert keyed(owner).post("auth/tokens/", {"name": "x"}).json()["token"] == text
    assert Token.objects.count() == 1


def test_after_a_change_of_the_secret_key_the_answer_is_told_still(
    owner: Caller, alice: User, settings: Settings
) -> None:
    first = keyed(owner).post("albums/", {"name": "Sea"})

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "x" * 50
    assert told(keyed(session(alice)).post("albums/", {"name": "Sea"})) == told(first)

    settings.SECRET_KEY_FALLBACKS = []
    answer = keyed(session(alice)).post("albums/", {"name": "Sea"})
    problem(answer, 409, "idempotency_answer_lost")
    assert album_names() == ["Sea"]


def test_without_a_sign_in_the_key_is_not_looked_at() -> None:
    people.create_alice(password=people.PASSWORD)
    body = {"email": "alice@people.example", "password": people.PASSWORD, "name": "x"}
    texts = {keyed(Caller()).post("auth/tokens/", body).json()["token"] for _ in range(2)}

    assert len(texts) == 2
    assert not KeptAnswer.objects.exists()


def test_a_share_link_is_made_once(owner: Caller, photo: Photo) -> None:
    path = f"albums/{photo.album_id}/share-links/"
    links = [keyed(owner).post(path, {}).json() for _ in range(2)]

    assert links[0] == links[1]
    assert ShareLink.objects.count() == 1


def test_rights_are_asked_before_the_key(owner: Caller, alice: User) -> None:
    keyed(owner).post("albums/", {"name": "Sea"})
    alice.is_active = False
    alice.save()

    problem(keyed(owner).post("albums/", {"name": "Sea"}), 401, "not_authenticated")


@pytest.mark.parametrize(
    "file",
    [
        FileResponse(io.BytesIO(b"picture"), headers={"Location": "/here/"}),
        HttpResponse(b"x" * (MAX_BYTES + 1), headers={"Location": "/here/"}),
    ],
)
def test_a_file_is_told_again_by_where_it_is(file: HttpResponseBase) -> None:
    kept = pack_response(file)
    assert kept is not None
    again = unpack_response(kept)

    assert (again.status_code, again["Location"], again.content) == (303, "/here/", b"")
    assert again[REPLAYED] == "true"


def test_a_file_that_is_nowhere_cannot_be_told_again() -> None:
    assert pack_response(FileResponse(io.BytesIO(b"picture"))) is None
