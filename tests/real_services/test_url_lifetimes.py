"""How long signed URLs are valid: never longer than the credentials that signed them."""

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

from gallery.storage import SignedUrl, StagedUpload
from gallery.storage.bucket import BucketFiles, _get_session
from gallery.storage.signed_urls import get_cached_url
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
def new_session() -> Iterator[None]:
    """A new boto3 session, as in a new process: a process reads its credentials once."""
    _get_session.cache_clear()
    yield
    _get_session.cache_clear()


@pytest.fixture
def credential_server(
    request: pytest.FixtureRequest,
    aws: dict[str, str],
    new_session: None,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[CredentialServer]:
    """The server of the role's credentials, whose lifetime is the fixture's parameter."""
    with start_credential_server(getattr(request, "param", HOUR)) as server:
        for name in OTHER_SOURCES:
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url)
        yield server


@pytest.fixture
def role_bucket(
    credential_server: CredentialServer, aws: dict[str, str], settings: "Settings"
) -> BucketFiles:
    """The bucket, with URLs signed by the role's credentials."""
    return use_bucket(aws["AWS_ENDPOINT_URL_S3"], aws, settings)


def read_expiry(url: str) -> tuple[int, datetime]:
    """Return the seconds for which a signed URL is valid, and the time when it expires."""
    query = parse_qs(urlsplit(url).query)
    seconds = int(query["X-Amz-Expires"][0])
    return seconds, parse_time(query["X-Amz-Date"][0]) + timedelta(seconds=seconds)


def parse_time(text: str) -> datetime:
    """Parse a time in the format of signatures."""
    return datetime.strptime(text, "%Y%m%dT%H%M%S%z")


def require_link(link: SignedUrl | None) -> SignedUrl:
    assert link is not None
    return link


@pytest.mark.parametrize(
    ("credential_server", "max_seconds"), LIFETIMES, indirect=["credential_server"], ids=str
)
def test_a_signed_url_expires_before_its_credentials(
    role_bucket: BucketFiles, credential_server: CredentialServer, max_seconds: int
) -> None:
    role_bucket.save("x", ContentFile(b"hello"))

    link = require_link(role_bucket.build_signed_url("x", mime="image/png", filename=""))
    seconds, end = read_expiry(link.url)
    assert seconds == link.seconds == max_seconds
    assert end <= credential_server.expires_at
    assert httpx.get(link.url).content == b"hello"


@pytest.mark.parametrize(
    ("credential_server", "max_seconds"), LIFETIMES, indirect=["credential_server"], ids=str
)
def test_a_signed_url_is_reused_only_in_the_first_half_of_its_lifetime(
    role_bucket: BucketFiles, max_seconds: int
) -> None:
    role_bucket.save("x", ContentFile(b"hello"))

    link = require_link(get_cached_url("x", mime="image/png"))
    assert link.seconds == max_seconds // 2
    second_link = require_link(get_cached_url("x", mime="image/png"))
    assert second_link.url == link.url
    assert second_link.seconds <= link.seconds


@pytest.mark.parametrize(
    ("credential_server", "max_seconds"), LIFETIMES, indirect=["credential_server"], ids=str
)
def test_upload_requests_expire_before_their_credentials(
    role_bucket: BucketFiles, max_seconds: int
) -> None:
    upload_id = role_bucket.staging.begin("uploads/large", mime="image/png", length=LARGE)
    large = StagedUpload(uuid.uuid4(), "uploads/large", upload_id, "image/png", LARGE)
    calls = role_bucket.staging.list_missing(large)
    assert [read_expiry(call.url)[0] for call in calls] == [min(max_seconds, 3600)] * 2

    (form,) = role_bucket.staging.list_missing(
        StagedUpload(uuid.uuid4(), "uploads/small", "", "image/png", 10)
    )
    policy = json.loads(base64.b64decode(form.fields["policy"]))
    life = datetime.fromisoformat(policy["expiration"]) - parse_time(form.fields["x-amz-date"])
    assert life.total_seconds() == pytest.approx(min(max_seconds, 3600), abs=30)


def test_permanent_keys_sign_for_two_hours(bucket: BucketFiles) -> None:
    bucket.save("x", ContentFile(b"hello"))

    link = require_link(bucket.build_signed_url("x", mime="image/png", filename=""))
    assert read_expiry(link.url)[0] == link.seconds == 7200
    assert require_link(get_cached_url("x", mime="image/png")).seconds == 3600


def test_a_process_fetches_its_credentials_once(
    role_bucket: BucketFiles,
    credential_server: CredentialServer,
    aws: dict[str, str],
    settings: "Settings",
) -> None:
    role_bucket.check_reachable()
    role_bucket.exists("x")
    use_bucket(aws["AWS_ENDPOINT_URL_S3"], aws, settings).exists("x")

    assert credential_server.count_requests() == 1


@pytest.mark.parametrize(
    "call",
    [
        lambda files: files.exists("x"),
        lambda files: files.build_signed_url("x", mime="image/png", filename=""),
        lambda files: list(files.walk("originals/")),
        lambda files: list(files.list_abandoned_uploads(datetime.now(UTC))),
    ],
    ids=["exists", "sign", "walk", "abandoned"],
)
def test_without_credentials_the_storage_is_unreachable(
    role_bucket: BucketFiles,
    credential_server: CredentialServer,
    monkeypatch: pytest.MonkeyPatch,
    call: Callable[[BucketFiles], object],
) -> None:
    monkeypatch.setattr(ContainerMetadataFetcher, "SLEEP_TIME", 0)
    credential_server.stop_answering()

    with pytest.raises(OSError, match="credentials"):
        call(role_bucket)
