"""How long signed addresses hold: never beyond the credentials that signed them."""

import base64
import json
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from botocore.utils import ContainerMetadataFetcher
from django.core.files.base import ContentFile

from gallery.storage import SignedUrl, Staged
from gallery.storage.bucket import BucketFiles, _session
from gallery.storage.links import link_to
from tests.real_services.buckets import use_bucket
from tests.real_services.credential_server import (
    OTHER_SOURCES,
    CredentialServer,
    start_credential_server,
)

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = [
    pytest.mark.real_services,
    pytest.mark.xdist_group("real_services"),
    pytest.mark.django_db,
]

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
LARGE = 6 * 2**20
LIFETIMES = [
    (6 * HOUR, 7200),
    (90 * MINUTE, 3600),
    (40 * MINUTE, 1800),
    (12 * MINUTE, 600),
    (4 * MINUTE, 120),
]


@pytest.fixture
def forgotten() -> Iterator[None]:
    """A process finds its role's credentials once: here every test is a new process."""
    _session.cache_clear()
    yield
    _session.cache_clear()


@pytest.fixture
def agent(
    request: pytest.FixtureRequest,
    aws: dict[str, str],
    forgotten: None,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[CredentialServer]:
    """What hands the role's credentials out; they live as long as the parameter says."""
    with start_credential_server(getattr(request, "param", HOUR)) as server:
        for name in OTHER_SOURCES:
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url)
        yield server


@pytest.fixture
def by_role(agent: CredentialServer, aws: dict[str, str], settings: "Settings") -> BucketFiles:
    """The bucket, signed for with the role's credentials."""
    return use_bucket(aws["AWS_ENDPOINT_URL_S3"], aws, settings)


def read_expiry(url: str) -> tuple[int, datetime]:
    """For how many seconds an address says that it holds, and until when."""
    query = parse_qs(urlsplit(url).query)
    seconds = int(query["X-Amz-Expires"][0])
    return seconds, parse_time(query["X-Amz-Date"][0]) + timedelta(seconds=seconds)


def parse_time(text: str) -> datetime:
    """As signatures write it."""
    return datetime.strptime(text, "%Y%m%dT%H%M%S%z")


def require_link(link: SignedUrl | None) -> SignedUrl:
    assert link is not None
    return link


@pytest.mark.parametrize(("agent", "max_seconds"), LIFETIMES, indirect=["agent"], ids=str)
def test_a_signed_url_expires_before_its_credentials(
    by_role: BucketFiles, agent: CredentialServer, max_seconds: int
) -> None:
    by_role.save("x", ContentFile(b"hello"))

    link = require_link(by_role.signed_url("x", mime="image/png", filename=""))
    seconds, end = read_expiry(link.url)
    assert seconds == link.seconds == max_seconds
    assert end <= agent.expires_at
    assert httpx.get(link.url).content == b"hello"


@pytest.mark.parametrize(("agent", "max_seconds"), LIFETIMES, indirect=["agent"], ids=str)
def test_a_signed_url_is_reused_only_in_the_first_half_of_its_lifetime(
    by_role: BucketFiles, max_seconds: int
) -> None:
    by_role.save("x", ContentFile(b"hello"))

    link = require_link(link_to("x", mime="image/png"))
    assert link.seconds == max_seconds // 2
    second_link = require_link(link_to("x", mime="image/png"))
    assert second_link.url == link.url
    assert second_link.seconds <= link.seconds


@pytest.mark.parametrize(("agent", "max_seconds"), LIFETIMES, indirect=["agent"], ids=str)
def test_upload_requests_expire_before_their_credentials(
    by_role: BucketFiles, max_seconds: int
) -> None:
    upload_id = by_role.staging.begin("uploads/large", mime="image/png", length=LARGE)
    large = Staged(uuid.uuid4(), "uploads/large", upload_id, "image/png", LARGE)
    calls = by_role.staging.missing(large)
    assert [read_expiry(call.url)[0] for call in calls] == [min(max_seconds, 3600)] * 2

    (form,) = by_role.staging.missing(Staged(uuid.uuid4(), "uploads/small", "", "image/png", 10))
    policy = json.loads(base64.b64decode(form.fields["policy"]))
    life = datetime.fromisoformat(policy["expiration"]) - parse_time(form.fields["x-amz-date"])
    assert life.total_seconds() == pytest.approx(min(max_seconds, 3600), abs=30)


def test_permanent_keys_sign_for_two_hours(bucket: BucketFiles) -> None:
    bucket.save("x", ContentFile(b"hello"))

    link = require_link(bucket.signed_url("x", mime="image/png", filename=""))
    assert read_expiry(link.url)[0] == link.seconds == 7200
    assert require_link(link_to("x", mime="image/png")).seconds == 3600


def test_a_process_fetches_its_credentials_once(
    by_role: BucketFiles, agent: CredentialServer, aws: dict[str, str], settings: "Settings"
) -> None:
    by_role.is_reachable()
    by_role.exists("x")
    use_bucket(aws["AWS_ENDPOINT_URL_S3"], aws, settings).exists("x")

    assert agent.count_requests() == 1


@pytest.mark.parametrize(
    "call",
    [
        lambda files: files.exists("x"),
        lambda files: files.signed_url("x", mime="image/png", filename=""),
        lambda files: list(files.walk("originals/")),
        lambda files: list(files.abandoned_parts(datetime.now(UTC))),
    ],
    ids=["exists", "sign", "walk", "abandoned"],
)
def test_without_credentials_the_storage_is_unreachable(
    by_role: BucketFiles,
    agent: CredentialServer,
    monkeypatch: pytest.MonkeyPatch,
    call: Callable[[BucketFiles], object],
) -> None:
    monkeypatch.setattr(ContainerMetadataFetcher, "SLEEP_TIME", 0)
    agent.stop_answering()

    with pytest.raises(OSError, match="credentials"):
        call(by_role)
