"""Rates: who may call how often, and how callers are told."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as configured
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from accounts.models import User
from accounts.services import token_create
from api.cleanup import allowances_sweep
from api.http.limits import Kind, Level, Rate, get_kind, get_rates, take_call
from api.models import Allowance
from gallery.models import Photo
from tests.api.caller import Caller, by_token, problem

pytestmark = pytest.mark.django_db
NOW = 1_800_000_000.0
JS = Path(__file__).resolve().parents[2] / "assets/js"


@pytest.fixture
def few(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four reads, two writes and one heavy call a minute; a token has half. Time stands still."""
    monkeypatch.setattr("api.views.base.time", SimpleNamespace(time=lambda: NOW))
    settings.API_CALLS_A_MINUTE = {"reads": 4, "writes": 2, "heavy": 1}
    settings.API_TOKEN_PERCENT = 50


@pytest.fixture
def script(alice: User) -> Caller:
    _, text = token_create(user=alice, name="x", scopes=["read", "write"], expires_in=None)
    return by_token(text)


def admitted(rates: list[Rate], now: float, calls: int) -> int:
    return sum(take_call(rates, now=now)[0] for _ in range(calls))


def test_the_whole_quota_may_come_at_once_and_comes_back_evenly() -> None:
    rate = [Rate("r", "somebody", 6)]

    assert admitted(rate, NOW, 10) == 6
    assert admitted(rate, NOW + 9.9, 5) == 0
    assert admitted(rate, NOW + 20, 5) == 2
    assert admitted(rate, NOW + 3600, 10) == 6


@pytest.mark.parametrize("quota", [1, 7, 600, 6000])
def test_exactly_the_quota_passes(quota: int) -> None:
    assert admitted([Rate("r", "somebody", quota)], NOW, quota + 5) == quota


def test_what_a_level_tells() -> None:
    rate = [Rate("r", "somebody", 6)]
    for _ in range(6):
        last = take_call(rate, now=NOW)[1][0]
    is_admitted, (refused,) = take_call(rate, now=NOW + 4)

    assert (last.remaining, last.seconds_until_full) == (0, 60)
    assert not is_admitted
    assert (refused.remaining, refused.seconds_until_next, refused.seconds_until_full) == (0, 6, 56)
    assert Level(rate[0], 0).remaining == 6


def test_a_full_rate_spends_nothing_of_the_others() -> None:
    token, user = Rate("token", "token:1", 2), Rate("user", "user:1", 10)

    assert admitted([user, token], NOW, 50) == 2
    assert admitted([user], NOW, 50) == 8


def test_subjects_do_not_share() -> None:
    assert admitted([Rate("r", "a", 2)], NOW, 5) == 2
    assert admitted([Rate("r", "b", 2)], NOW, 5) == 2


@pytest.mark.usefixtures("few")
def test_every_answer_tells_what_is_left(owner: Caller) -> None:
    answers = [owner.get(path) for path in ("me/", "photos/nothing/", "albums/")]

    assert [answer.status_code for answer in answers] == [200, 404, 200]
    assert {answer["RateLimit-Policy"] for answer in answers} == {'"user-reads";q=4;w=60'}
    assert [answer["RateLimit"] for answer in answers] == [
        '"user-reads";r=3;t=15',
        '"user-reads";r=2;t=30',
        '"user-reads";r=1;t=45',
    ]


@pytest.mark.usefixtures("few")
def test_too_many_are_told_when_to_come_again(owner: Caller) -> None:
    for _ in range(4):
        assert owner.get("me/").status_code == 200
    answer = owner.get("me/")

    body = problem(answer, 429, "throttled")
    assert body["violated_policies"] == ["user-reads"]
    assert answer["Retry-After"] == "15"
    assert answer["RateLimit"] == '"user-reads";r=0;t=60'


@pytest.mark.usefixtures("few")
def test_reads_writes_and_heavy_calls_count_by_themselves(owner: Caller, photo: Photo) -> None:
    box = {"boxes": [{"x": 4, "y": 4, "width": 8, "height": 8}]}

    def statuses(count: int, path: str, body: dict[str, Any]) -> list[int]:
        return [owner.post(path, body).status_code for _ in range(count)]

    assert statuses(3, "albums/", {"name": "Sea"}) == [201, 201, 429]
    assert statuses(2, f"photos/{photo.pk}/edits/", box) == [202, 429]
    assert owner.get("me/").status_code == 200


@pytest.mark.usefixtures("few")
def test_one_token_leaves_the_rest_to_its_user(script: Caller, owner: Caller) -> None:
    answers = [script.get("me/") for _ in range(10)]

    assert [answer.status_code for answer in answers].count(200) == 2
    assert answers[0]["RateLimit-Policy"] == '"user-reads";q=4;w=60, "token-reads";q=2;w=60'
    assert answers[-1].json()["violated_policies"] == ["token-reads"]
    assert [owner.get("me/").status_code for _ in range(3)] == [200, 200, 429]


@pytest.mark.usefixtures("few")
def test_who_is_nobody_counts_by_address() -> None:
    wrong = by_token("x" * 64)
    answers = [
        Caller().get("schema/"),
        Caller().get("me/"),
        wrong.get("me/"),
        wrong.get("me/"),
        wrong.get("me/"),
    ]

    assert [answer.status_code for answer in answers] == [200, 401, 401, 401, 429]
    assert answers[2]["RateLimit"] == '"address-reads";r=1;t=45'
    elsewhere = Caller().client.get("/api/v1/schema/", REMOTE_ADDR="198.51.100.7")
    assert elsewhere.status_code == 200


@pytest.mark.usefixtures("few")
def test_a_home_is_one_address() -> None:
    def status(address: str) -> int:
        return Caller().client.get("/api/v1/me/", REMOTE_ADDR=address).status_code

    assert [status(f"2001:db8:0:1::{number:x}") for number in range(5)] == [401] * 4 + [429]
    assert status("2001:db8:0:2::1") == 401
    assert status("unix") == 401


@pytest.mark.usefixtures("few")
def test_what_is_too_large_counts_too() -> None:
    answers = [Caller().post("albums/", {"name": "x" * 2**21}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [413, 413, 429]
    assert answers[0]["RateLimit"] == '"address-writes";r=1;t=30'


def test_it_costs_one_query(owner: Caller, script: Caller) -> None:
    for caller in (owner, script):
        with CaptureQueriesContext(connection) as asked:
            caller.get("engines/")
        assert sum("api_allowance" in query["sql"] for query in asked) == 1


def test_who_has_nothing_used_up_is_forgotten() -> None:
    take_call([Rate("r", "long ago", 1)], now=0)
    take_call([Rate("r", "in a thousand years", 1)], now=33_000_000_000)

    assert allowances_sweep() == 1
    assert Allowance.objects.get().subject == "in a thousand years"


def test_a_database_that_will_not_count_lets_everybody_pass(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("api.http.limits.allowances.INSERT", "INSERT INTO nowhere (a, b) VALUES ")

    with transaction.atomic():
        assert take_call([Rate("r", "somebody", 1)], now=NOW) == (True, [])
        # PostgreSQL goes on with nothing in a transaction in which a statement failed.
        transaction.set_rollback(True)
    assert "not counted" in caplog.text


def test_kinds() -> None:
    kinds = [get_kind(method, ("POST",)) for method in ("GET", "HEAD", "POST", "DELETE")]
    assert kinds == [Kind.READS, Kind.READS, Kind.HEAVY, Kind.WRITES]


def test_ten_busy_editors_and_a_gallery_stay_below_the_rate(alice: User, rf: Any) -> None:
    """As the pages' scripts would ask if everything changed at every look."""
    fast = int(re.findall(r"FAST_MS = (\d+)", (JS / "editor/data.js").read_text())[0])
    refresh = int(re.findall(r"REFRESH_MS = (\d+)", (JS / "gallery.js").read_text())[0])
    # Edits and detections; then, when one has ended, the photo, its states and both once more.
    editor = 6 * 60_000 / fast
    gallery = 20 * 60_000 / refresh

    request = rf.get("/")
    request.user, request.auth = alice, None
    (rate,) = get_rates(request, Kind.READS)
    assert rate.quota == configured.API_CALLS_A_MINUTE["reads"]
    assert 10 * editor + gallery < rate.quota
