"""Rate limits: who may call how often, and which headers report it."""

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
from tests.api.caller import Caller, check_problem, use_token

pytestmark = pytest.mark.django_db
NOW = 1_800_000_000.0
SCRIPTS = Path(__file__).resolve().parents[2] / "assets/js"


@pytest.fixture
def low_limits(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four reads, two writes and one heavy call a minute; a token has half. Time is frozen."""
    monkeypatch.setattr("api.views.base.time", SimpleNamespace(time=lambda: NOW))
    settings.API_CALLS_A_MINUTE = {"reads": 4, "writes": 2, "heavy": 1}
    settings.API_TOKEN_PERCENT = 50


@pytest.fixture
def script(alice: User) -> Caller:
    _, text = token_create(user=alice, name="x", scopes=["read", "write"], expires_in=None)
    return use_token(text)


def count_admitted(rates: list[Rate], now: float, calls: int) -> int:
    return sum(take_call(rates, now=now)[0] for _ in range(calls))


def test_the_quota_allows_a_burst_and_refills_evenly() -> None:
    rate = [Rate("r", "somebody", 6)]

    assert count_admitted(rate, NOW, 10) == 6
    assert count_admitted(rate, NOW + 9.9, 5) == 0
    assert count_admitted(rate, NOW + 20, 5) == 2
    assert count_admitted(rate, NOW + 3600, 10) == 6


@pytest.mark.parametrize("quota", [1, 7, 600, 6000])
def test_exactly_the_quota_passes(quota: int) -> None:
    assert count_admitted([Rate("r", "somebody", quota)], NOW, quota + 5) == quota


def test_a_level_reports_what_remains_and_when_it_refills() -> None:
    rate = [Rate("r", "somebody", 6)]
    for _ in range(6):
        last = take_call(rate, now=NOW)[1][0]
    is_admitted, (refused,) = take_call(rate, now=NOW + 4)

    assert (last.remaining, last.seconds_until_full) == (0, 60)
    assert not is_admitted
    assert (refused.remaining, refused.seconds_until_next, refused.seconds_until_full) == (0, 6, 56)
    assert Level(rate[0], 0).remaining == 6


def test_a_refused_call_uses_nothing_of_other_rates() -> None:
    token, user = Rate("token", "token:1", 2), Rate("user", "user:1", 10)

    assert count_admitted([user, token], NOW, 50) == 2
    assert count_admitted([user], NOW, 50) == 8


def test_subjects_have_separate_allowances() -> None:
    assert count_admitted([Rate("r", "a", 2)], NOW, 5) == 2
    assert count_admitted([Rate("r", "b", 2)], NOW, 5) == 2


@pytest.mark.usefixtures("low_limits")
def test_every_response_reports_what_remains(owner: Caller) -> None:
    responses = [owner.get(path) for path in ("me/", "photos/nothing/", "albums/")]

    assert [response.status_code for response in responses] == [200, 404, 200]
    assert {response["RateLimit-Policy"] for response in responses} == {'"user-reads";q=4;w=60'}
    assert [response["RateLimit"] for response in responses] == [
        '"user-reads";r=3;t=15',
        '"user-reads";r=2;t=30',
        '"user-reads";r=1;t=45',
    ]


@pytest.mark.usefixtures("low_limits")
def test_a_throttled_response_says_when_to_retry(owner: Caller) -> None:
    for _ in range(4):
        assert owner.get("me/").status_code == 200
    response = owner.get("me/")

    body = check_problem(response, 429, "throttled")
    assert body["violated_policies"] == ["user-reads"]
    assert response["Retry-After"] == "15"
    assert response["RateLimit"] == '"user-reads";r=0;t=60'


@pytest.mark.usefixtures("low_limits")
def test_reads_writes_and_heavy_calls_are_counted_separately(owner: Caller, photo: Photo) -> None:
    box = {"boxes": [{"x": 4, "y": 4, "width": 8, "height": 8}]}

    def send_calls(count: int, path: str, body: dict[str, Any]) -> list[int]:
        return [owner.post(path, body).status_code for _ in range(count)]

    assert send_calls(3, "albums/", {"name": "Sea"}) == [201, 201, 429]
    assert send_calls(2, f"photos/{photo.pk}/edits/", box) == [202, 429]
    assert owner.get("me/").status_code == 200


@pytest.mark.usefixtures("low_limits")
def test_one_token_may_use_only_its_share_of_the_rate(script: Caller, owner: Caller) -> None:
    responses = [script.get("me/") for _ in range(10)]

    assert [response.status_code for response in responses].count(200) == 2
    assert responses[0]["RateLimit-Policy"] == '"user-reads";q=4;w=60, "token-reads";q=2;w=60'
    assert responses[-1].json()["violated_policies"] == ["token-reads"]
    assert [owner.get("me/").status_code for _ in range(3)] == [200, 200, 429]


@pytest.mark.usefixtures("low_limits")
def test_anonymous_calls_are_counted_by_address() -> None:
    wrong = use_token("x" * 64)
    responses = [
        Caller().get("schema/"),
        Caller().get("me/"),
        wrong.get("me/"),
        wrong.get("me/"),
        wrong.get("me/"),
    ]

    assert [response.status_code for response in responses] == [200, 401, 401, 401, 429]
    assert responses[2]["RateLimit"] == '"address-reads";r=1;t=45'
    elsewhere = Caller().client.get("/api/v1/schema/", REMOTE_ADDR="198.51.100.7")
    assert elsewhere.status_code == 200


@pytest.mark.usefixtures("low_limits")
def test_an_ipv6_network_counts_as_one_address() -> None:
    def get_status(address: str) -> int:
        return Caller().client.get("/api/v1/me/", REMOTE_ADDR=address).status_code

    assert [get_status(f"2001:db8:0:1::{number:x}") for number in range(5)] == [401] * 4 + [429]
    assert get_status("2001:db8:0:2::1") == 401
    assert get_status("unix") == 401


@pytest.mark.usefixtures("low_limits")
def test_calls_with_too_large_bodies_count_too() -> None:
    responses = [Caller().post("albums/", {"name": "x" * 2**21}) for _ in range(3)]

    assert [response.status_code for response in responses] == [413, 413, 429]
    assert responses[0]["RateLimit"] == '"address-writes";r=1;t=30'


def test_counting_costs_one_query(owner: Caller, script: Caller) -> None:
    for caller in (owner, script):
        with CaptureQueriesContext(connection) as queries:
            caller.get("engines/")
        assert sum("api_allowance" in query["sql"] for query in queries) == 1


def test_the_sweep_deletes_refilled_allowances() -> None:
    take_call([Rate("r", "long ago", 1)], now=0)
    take_call([Rate("r", "in a thousand years", 1)], now=33_000_000_000)

    assert allowances_sweep() == 1
    assert Allowance.objects.get().subject == "in a thousand years"


def test_a_failed_count_admits_the_call(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("api.http.limits.allowances.INSERT", "INSERT INTO nowhere (a, b) VALUES ")

    with transaction.atomic():
        assert take_call([Rate("r", "somebody", 1)], now=NOW) == (True, [])
        # PostgreSQL refuses every statement after a failed one in the same transaction.
        transaction.set_rollback(True)
    assert "not counted" in caplog.text


def test_each_method_has_its_kind_of_rate() -> None:
    kinds = [get_kind(method, ("POST",)) for method in ("GET", "HEAD", "POST", "DELETE")]
    assert kinds == [Kind.READS, Kind.READS, Kind.HEAVY, Kind.WRITES]


def test_ten_busy_editors_and_a_gallery_stay_below_the_rate(alice: User, rf: Any) -> None:
    """Calculated from the polling intervals of the pages, with a change at every poll."""
    fast = int(re.findall(r"FAST_MS = (\d+)", (SCRIPTS / "editor/data.js").read_text())[0])
    refresh = int(re.findall(r"REFRESH_MS = (\d+)", (SCRIPTS / "gallery.js").read_text())[0])
    # Edits and detections; after each end also the photo, its revisions and both once more.
    editor = 6 * 60_000 / fast
    gallery = 20 * 60_000 / refresh

    request = rf.get("/")
    request.user, request.auth = alice, None
    (rate,) = get_rates(request, Kind.READS)
    assert rate.quota == configured.API_CALLS_A_MINUTE["reads"]
    assert 10 * editor + gallery < rate.quota
