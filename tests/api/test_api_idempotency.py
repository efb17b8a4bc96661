"""The header Idempotency-Key: a request that is sent twice is executed once."""

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
from tests.api.caller import Caller, check_problem, sign_in

pytestmark = pytest.mark.django_db
KEY = "8e03978e-40d5-43e8-bc93-6894a57f9324"
REPLAYED = "Idempotency-Replayed"


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A repeated request does not wait for the end of the first one."""
    monkeypatch.setattr(once, "LONGEST_WAIT", 0.0)


def add_key(caller: Caller, key: str = KEY) -> Caller:
    return replace(caller, headers=caller.headers | {"Idempotency-Key": key})


def list_album_names() -> list[str]:
    return list(Album.objects.order_by("name").values_list("name", flat=True))


def summarize(response: Any) -> tuple[int, bytes, str, str | None]:
    location = response.headers.get("Location")
    return response.status_code, response.content, response["Content-Type"], location


def test_a_repeated_request_gets_the_stored_response(owner: Caller) -> None:
    first = add_key(owner).post("albums/", {"name": "Sea"})
    second = add_key(owner).post("albums/", {"name": "Sea"})

    assert first.status_code == 201
    assert summarize(second) == summarize(first)
    assert (first.headers.get(REPLAYED), second.headers.get(REPLAYED)) == (None, "true")
    assert list_album_names() == ["Sea"]


def test_without_a_key_a_request_is_executed_again(owner: Caller) -> None:
    for _ in range(2):
        owner.post("albums/", {"name": "Sea"})

    assert list_album_names() == ["Sea", "Sea"]
    assert not KeptAnswer.objects.exists()


def test_json_bodies_are_compared_by_value(owner: Caller) -> None:
    add_key(owner).client.post(
        "/api/v1/uploads/",
        '{"filename": "a.png", "length": 9}',
        "application/json",
        headers=add_key(owner).headers,
    )
    second = add_key(owner).client.post(
        "/api/v1/uploads/",
        '{"length":9,"filename":"a.png"}',
        "application/json",
        headers=add_key(owner).headers,
    )
    assert second[REPLAYED] == "true"


@pytest.mark.parametrize(
    ("path", "body"), [("albums/", {"name": "Lake"}), ("uploads/", {"name": "Sea"})]
)
def test_another_request_needs_another_key(owner: Caller, path: str, body: dict[str, str]) -> None:
    add_key(owner).post("albums/", {"name": "Sea"})

    refusal = check_problem(add_key(owner).post(path, body), 422, "idempotency_key_reused")

    assert refusal["errors"][0]["header"] == "Idempotency-Key"
    assert list_album_names() == ["Sea"]
    assert add_key(owner, "another").post("albums/", {"name": "Lake"}).status_code == 201


def test_forms_are_compared_by_fields_and_file_bytes(owner: Caller) -> None:
    # The large file is spooled to disk while it is read, the small one stays in memory.
    large, small = images.build_png(1600, 1200), images.build_png(32, 24)
    assert len(large) > 2.5 * 2**20 > len(small)
    for number, data in enumerate((large, small)):
        caller = add_key(owner, f"upload-{number}")
        first = caller.post_form("photos/", file=data, title="Beach")
        second = caller.post_form("photos/", file=data, title="Beach")
        assert (first.status_code, second.json()) == (201, first.json())

        flipped = data[:-1] + bytes([data[-1] ^ 1])
        for body in ({"file": data, "title": "Sea"}, {"file": flipped, "title": "Beach"}):
            check_problem(caller.post_form("photos/", **body), 422, "idempotency_key_reused")
    assert Photo.objects.count() == 2
    with Photo.objects.get(width=1600).original.open() as stored_file:
        assert stored_file.read() == large


def test_a_key_belongs_to_one_user(owner: Caller, stranger: Caller) -> None:
    for caller in (owner, stranger):
        response = add_key(caller).post("albums/", {"name": "Sea"})
        assert (response.status_code, REPLAYED in response.headers) == (201, False)

    assert list_album_names() == ["Sea", "Sea"]


def test_a_refused_request_leaves_the_key_free_for_the_corrected_one(owner: Caller) -> None:
    check_problem(add_key(owner).post("albums/", {"name": ""}), 422, "name_missing")

    assert add_key(owner).post("albums/", {"name": "Sea"}).status_code == 201


def test_a_failure_leaves_the_key_free(owner: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> Album:
        raise RuntimeError("unforeseen")

    with monkeypatch.context() as broken:
        broken.setattr("api.views.albums.album_create", fail)
        check_problem(add_key(owner).post("albums/", {"name": "Sea"}), 500, "internal_error")

    assert add_key(owner).post("albums/", {"name": "Sea"}).status_code == 201
    assert list_album_names() == ["Sea"]


@pytest.fixture
def unfinished_request(owner: Caller) -> KeptAnswer:
    """A first request that was recorded but never finished."""
    add_key(owner).post("albums/", {"name": "Sea"})
    Album.objects.all().delete()
    KeptAnswer.objects.update(answer=None)
    return KeptAnswer.objects.get()


@pytest.mark.usefixtures("no_waiting", "unfinished_request")
def test_the_second_request_gets_409_while_the_first_runs(owner: Caller) -> None:
    response = add_key(owner).post("albums/", {"name": "Sea"})

    check_problem(response, 409, "idempotency_in_progress")
    assert response["Retry-After"] == "1"
    check_problem(add_key(owner).post("albums/", {"name": "Lake"}), 422, "idempotency_key_reused")


def test_the_key_of_a_dead_request_is_free_after_its_lease(
    owner: Caller, unfinished_request: KeptAnswer
) -> None:
    unfinished_request.lease_expires_at = timezone.now()
    unfinished_request.save()

    for _ in range(2):
        assert add_key(owner).post("albums/", {"name": "Sea"}).status_code == 201
    assert list_album_names() == ["Sea"]


def test_a_new_request_replaces_an_expired_lease(
    owner: Caller, unfinished_request: KeptAnswer
) -> None:
    late = unfinished_request.lease_id
    unfinished_request.lease_expires_at = timezone.now()
    unfinished_request.save()
    add_key(owner).post("albums/", {"name": "Sea"})

    assert KeptAnswer.objects.get().lease_id != late
    assert not KeptAnswer.objects.filter(lease_id=late).exists()


def test_after_a_day_a_key_can_be_reused_and_its_row_is_deleted(owner: Caller) -> None:
    add_key(owner).post("albums/", {"name": "Sea"})
    KeptAnswer.objects.update(created_at=timezone.now() - timedelta(hours=25))

    assert REPLAYED not in add_key(owner).post("albums/", {"name": "Lake"}).headers
    assert list_album_names() == ["Lake", "Sea"]
    assert kept_answers_sweep() == 0
    KeptAnswer.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert kept_answers_sweep() == 1


@pytest.mark.parametrize("key", ["x", "x" * 255, "!~", '"quoted"', r'"with\"marks\\"'])
def test_valid_keys_are_accepted(owner: Caller, key: str) -> None:
    assert add_key(owner, key).post("albums/", {"name": "Sea"}).status_code == 201


def test_a_quoted_key_equals_the_bare_one(owner: Caller) -> None:
    add_key(owner, KEY).post("albums/", {"name": "Sea"})

    assert add_key(owner, f'"{KEY}"').post("albums/", {"name": "Sea"})[REPLAYED] == "true"


@pytest.mark.parametrize("key", ["", '""', "x" * 256, "two words", '"two words"', "schlüssel"])
def test_invalid_keys_are_refused(owner: Caller, key: str) -> None:
    refusal = check_problem(
        add_key(owner, key).post("albums/", {"name": "Sea"}), 400, "idempotency_key_invalid"
    )

    assert refusal["errors"][0]["header"] == "Idempotency-Key"
    assert list_album_names() == []


def test_an_unreadable_body_uses_no_key(owner: Caller) -> None:
    headers = add_key(owner).headers
    refusal = owner.client.post("/api/v1/albums/", "{", "application/json", headers=headers)

    assert refusal.status_code == 400
    assert not KeptAnswer.objects.exists()


def test_only_post_requests_use_keys(owner: Caller, photo: Photo) -> None:
    for title in ("a", "b"):
        response = add_key(owner).patch(f"photos/{photo.pk}/", {"title": title})
        assert response.json()["title"] == title


def test_keys_and_responses_are_not_stored_in_plain_text(owner: Caller) -> None:
    text = add_key(owner).post("auth/tokens/", {"name": "x"}).json()["token"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM api_keptanswer")
        row = repr([bytes(v) if isinstance(v, memoryview) else v for v in cursor.fetchone()])

    assert KEY not in row
    assert text not in row
    assert add_key(owner).post("auth/tokens/", {"name": "x"}).json()["token"] == text
    assert Token.objects.count() == 1


def test_the_stored_response_survives_a_rotated_secret_key(
    owner: Caller, alice: User, settings: Settings
) -> None:
    first = add_key(owner).post("albums/", {"name": "Sea"})

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "x" * 50
    assert summarize(add_key(sign_in(alice)).post("albums/", {"name": "Sea"})) == summarize(first)

    settings.SECRET_KEY_FALLBACKS = []
    response = add_key(sign_in(alice)).post("albums/", {"name": "Sea"})
    check_problem(response, 409, "idempotency_answer_lost")
    assert list_album_names() == ["Sea"]


def test_the_key_of_an_anonymous_request_is_ignored() -> None:
    people.create_alice(password=people.PASSWORD)
    body = {"email": "alice@people.example", "password": people.PASSWORD, "name": "x"}
    texts = {add_key(Caller()).post("auth/tokens/", body).json()["token"] for _ in range(2)}

    assert len(texts) == 2
    assert not KeptAnswer.objects.exists()


def test_a_share_link_is_created_once(owner: Caller, photo: Photo) -> None:
    path = f"albums/{photo.album_id}/share-links/"
    links = [add_key(owner).post(path, {}).json() for _ in range(2)]

    assert links[0] == links[1]
    assert ShareLink.objects.count() == 1


def test_permissions_are_checked_before_the_key(owner: Caller, alice: User) -> None:
    add_key(owner).post("albums/", {"name": "Sea"})
    alice.is_active = False
    alice.save()

    check_problem(add_key(owner).post("albums/", {"name": "Sea"}), 401, "not_authenticated")


@pytest.mark.parametrize(
    "file",
    [
        FileResponse(io.BytesIO(b"picture"), headers={"Location": "/here/"}),
        HttpResponse(b"x" * (MAX_BYTES + 1), headers={"Location": "/here/"}),
    ],
)
def test_a_file_response_is_replayed_as_a_redirect(file: HttpResponseBase) -> None:
    packed = pack_response(file)
    assert packed is not None
    second = unpack_response(packed)

    assert (second.status_code, second["Location"], second.content) == (303, "/here/", b"")
    assert second[REPLAYED] == "true"


def test_a_file_without_a_location_is_not_stored() -> None:
    assert pack_response(FileResponse(io.BytesIO(b"picture"))) is None
