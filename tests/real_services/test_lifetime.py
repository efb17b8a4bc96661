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

from gallery.storage import SignedUrl, StagedUpload
from gallery.storage.bucket import BucketFiles, _get_session
from gallery.storage.links import get_cached_url
from tests.real_services.buckets import bucket_at
from tests.real_services.role import OTHER_SOURCES, Role, role

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = [
    pytest.mark.real_services,
    pytest.mark.xdist_group("real_services"),
    pytest.mark.django_db,
]

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
LARGE = 6 * 2**20
LIVES = [
    (6 * HOUR, 7200),
    (90 * MINUTE, 3600),
    (40 * MINUTE, 1800),
    (12 * MINUTE, 600),
    (4 * MINUTE, 120),
]


@pytest.fixture
def forgotten() -> Iterator[None]:
    """A process finds its role's credentials once: here every test is a new process."""
    _get_session.cache_clear()
    yield
    _get_session.cache_clear()


@pytest.fixture
def agent(
    request: pytest.FixtureRequest,
    aws: dict[str, str],
    forgotten: None,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Role]:
    """What hands the role's credentials out; they live as long as the parameter says."""
    with role(getattr(request, "param", HOUR)) as handing_out:
        for name in OTHER_SOURCES:
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", handing_out.url)
        yield handing_out


@pytest.fixture
def by_role(agent: Role, aws: dict[str, str], settings: "Settings") -> BucketFiles:
    """The bucket, signed for with the role's credentials."""
    return bucket_at(aws["AWS_ENDPOINT_URL_S3"], aws, settings)


def end_of(url: str) -> tuple[int, datetime]:
    """For how many seconds an address says that it holds, and until when."""
    query = parse_qs(urlsplit(url).query)
    seconds = int(query["X-Amz-Expires"][0])
    return seconds, moment(query["X-Amz-Date"][0]) + timedelta(seconds=seconds)


def moment(text: str) -> datetime:
    """As signatures write it."""
    return datetime.strptime(text, "%Y%m%dT%H%M%S%z")


def given(link: SignedUrl | None) -> SignedUrl:
    assert link is not None
    return link


@pytest.mark.parametrize(("agent", "most"), LIVES, indirect=["agent"], ids=str)
def test_an_address_ends_before_the_credentials_that_signed_it(
    by_role: BucketFiles, agent: Role, most: int
) -> None:
    by_role.save("x", ContentFile(b"hello"))

    signed = given(by_role.build_signed_url("x", mime="image/png", filename=""))
    seconds, end = end_of(signed.url)
    assert seconds == signed.seconds == most
    assert end <= agent.ends
    assert httpx.get(signed.url).content == b"hello"


@pytest.mark.parametrize(("agent", "most"), LIVES, indirect=["agent"], ids=str)
def test_an_address_is_given_out_only_for_the_first_half_of_its_life(
    by_role: BucketFiles, most: int
) -> None:
    by_role.save("x", ContentFile(b"hello"))

    link = given(get_cached_url("x", mime="image/png"))
    assert link.seconds == most // 2
    again = given(get_cached_url("x", mime="image/png"))
    assert again.url == link.url
    assert again.seconds <= link.seconds


@pytest.mark.parametrize(("agent", "most"), LIVES, indirect=["agent"], ids=str)
def test_the_calls_of_an_upload_end_in_time_as_well(by_role: BucketFiles, most: int) -> None:
    upload_id = by_role.staging.begin("uploads/large", mime="image/png", length=LARGE)
    large = StagedUpload(uuid.uuid4(), "uploads/large", upload_id, "image/png", LARGE)
    calls = by_role.staging.list_missing(large)
    assert [end_of(call.url)[0] for call in calls] == [min(most, 3600)] * 2

    (form,) = by_role.staging.list_missing(
        StagedUpload(uuid.uuid4(), "uploads/small", "", "image/png", 10)
    )
    policy = json.loads(base64.b64decode(form.fields["policy"]))
    life = datetime.fromisoformat(policy["expiration"]) - moment(form.fields["x-amz-date"])
    assert life.total_seconds() == pytest.approx(min(most, 3600), abs=30)


def test_keys_that_do_not_end_sign_for_two_hours(bucket: BucketFiles) -> None:
    bucket.save("x", ContentFile(b"hello"))

    signed = given(bucket.build_signed_url("x", mime="image/png", filename=""))
    assert end_of(signed.url)[0] == signed.seconds == 7200
    assert given(get_cached_url("x", mime="image/png")).seconds == 3600


def test_a_process_asks_for_its_credentials_once(
    by_role: BucketFiles, agent: Role, aws: dict[str, str], settings: "Settings"
) -> None:
    by_role.check_reachable()
    by_role.exists("x")
    bucket_at(aws["AWS_ENDPOINT_URL_S3"], aws, settings).exists("x")

    assert agent.times_asked() == 1


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
def test_without_an_answer_about_the_role_the_storage_is_out_of_reach(
    by_role: BucketFiles,
    agent: Role,
    monkeypatch: pytest.MonkeyPatch,
    call: Callable[[BucketFiles], object],
) -> None:
    monkeypatch.setattr(ContainerMetadataFetcher, "SLEEP_TIME", 0)
    agent.fall_silent()

    with pytest.raises(OSError, match="credentials"):
        call(by_role)
