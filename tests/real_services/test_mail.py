"""Mail through Amazon SES."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import httpx
import pytest
from django.core.mail import send_mail

from config.mail import mailer
from processes.programs import ROOT, build_environment
from tests.aws import aws_credentials  # noqa: F401  a fixture
from tests.stand_ins import moto

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = [
    pytest.mark.real_services,
    pytest.mark.xdist_group("real_services"),
    pytest.mark.usefixtures("aws_credentials"),
]

REGION = "us-east-1"
SENDER, ALICE = "vanish@senders.example", "alice@people.example"


@pytest.fixture
def ses(aws_credentials: None) -> Iterator[str]:  # noqa: F811
    """The URL of a separate stand-in for SES that accepts one sender."""
    with moto.start_server() as address:
        with closing(boto3.client("sesv2", endpoint_url=address, region_name=REGION)) as client:
            client.create_email_identity(EmailIdentity=SENDER)
        yield address


@pytest.fixture
def ses_mail(ses: str, settings: "Settings") -> None:
    """Django sends mail through SES."""
    settings.MAILERS = {"default": mailer(f"ses://{REGION}", endpoint_url=ses)}


def list_sent_messages(ses: str) -> list[dict[str, Any]]:
    """Return the messages that SES has accepted."""
    data: dict[str, dict[str, list[Any]]] = httpx.get(f"{ses}/moto-api/data.json").json()
    return data["ses"]["RawMessage"]


@pytest.mark.usefixtures("ses_mail")
def test_a_mail_reaches_ses_with_its_subject_and_recipient(ses: str) -> None:
    assert send_mail("Your photo is ready", "Have a look.", SENDER, [ALICE]) == 1

    (message,) = list_sent_messages(ses)
    assert (message["source"], set(message["destinations"])) == (SENDER, {ALICE})
    assert "Subject: Your photo is ready" in message["raw_data"]
    assert "Have a look." in message["raw_data"]


@pytest.mark.usefixtures("ses_mail")
def test_a_sender_that_ses_does_not_know_is_an_error(ses: str) -> None:
    with pytest.raises(Exception, match="Did not have authority"):
        send_mail("Hello", "Have a look.", "vanish@strangers.example", [ALICE])
    assert list_sent_messages(ses) == []


def test_one_variable_makes_an_installation_send_through_ses(ses: str, tmp_path: Path) -> None:
    variables = {
        "VANISH_DATA_DIR": str(tmp_path),
        "VANISH_MAIL_URL": f"ses://{REGION}",
        "VANISH_MAIL_FROM": SENDER,
        "AWS_ENDPOINT_URL": ses,
    }
    result = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "sendtestemail", ALICE],
        env=build_environment() | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert (result.returncode, result.stderr) == (0, "")
    assert [set(message["destinations"]) for message in list_sent_messages(ses)] == [{ALICE}]
