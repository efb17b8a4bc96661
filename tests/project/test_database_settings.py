"""What is asked of other machines is read strictly: a bad value is named, and TLS is demanded."""

import json
from collections.abc import Callable
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from config.database import database
from config.env import BadSetting, Env
from config.mail import mailer
from config.services import queue_urls

AUTHORITY = Path("/certificates/rds.pem")
VERIFIED = "?sslmode=verify-full&sslrootcert=/certificates/rds.pem"


def entry(
    url: str, *, secret: str = "", authority: Path | None = None, production: bool = True
) -> dict[str, Any]:
    return database(
        url,
        secret=secret,
        sqlite_file=Path("/data/db.sqlite3"),
        authority=authority,
        is_tls_demanded=production,
    )


def secret(**changes: object) -> str:
    """As Secrets Manager keeps it for a server of RDS."""
    fields = {
        "engine": "postgres",
        "username": "vanish_clone",
        "password": 'p/w"@',
        "host": "db.example",
        "port": 6543,
        "dbname": "vanish",
    }
    return json.dumps(fields | changes)


def refused(variable: str, read: Callable[[], object]) -> str:
    """What is said of the variable."""
    with pytest.raises(BadSetting) as refusal:
        read()
    assert refusal.value.name == variable
    assert str(refusal.value).startswith(f"{variable}: ")
    return str(refusal.value)


@pytest.mark.parametrize("query", ["", "?sslmode=require", "?sslmode=prefer", "?sslmode=disable"])
def test_production_wants_to_know_whom_it_speaks_to(query: str) -> None:
    url = f"postgres://vanish:secret@db.example/vanish{query}"

    said = refused("VANISH_DATABASE_CA", lambda: entry(url))
    assert "secret" not in said
    assert entry(url, production=False)["HOST"] == "db.example"


@pytest.mark.parametrize("mode", ["verify-ca", "verify-full"])
def test_the_url_may_say_how_the_server_is_verified(mode: str) -> None:
    url = f"postgres://db.example/vanish?sslmode={mode}&sslrootcert=/certificates/rds.pem"

    options = entry(url)["OPTIONS"]
    assert (options["sslmode"], options["sslrootcert"]) == (mode, "/certificates/rds.pem")


@pytest.mark.parametrize("query", ["", "?sslmode=disable", "?sslmode=verify-ca&sslrootcert=/x"])
def test_the_authority_counts_more_than_the_url(query: str) -> None:
    options = entry(f"postgresql://db.example/vanish{query}", authority=AUTHORITY)["OPTIONS"]

    assert (options["sslmode"], options["sslrootcert"]) == ("verify-full", str(AUTHORITY))


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_what_stays_on_this_machine_needs_no_tls(host: str) -> None:
    assert entry(f"postgres://{host}/vanish")["HOST"] == host.strip("[]")


@pytest.mark.parametrize("host", ["localhost.example", "127.0.0.2", "10.0.0.1", "db"])
def test_what_is_like_this_machine_is_another(host: str) -> None:
    refused("VANISH_DATABASE_CA", lambda: entry(f"postgres://{host}/vanish"))


def test_a_lost_database_is_noticed_within_seconds() -> None:
    options = entry("postgres://localhost/vanish?application_name=web")["OPTIONS"]

    assert options["application_name"] == "web"
    assert 0 < options["connect_timeout"] <= 10
    seconds = options["keepalives_idle"] + (
        options["keepalives_interval"] * options["keepalives_count"]
    )
    assert (options["keepalives"], seconds) == (1, 45)


def test_a_secret_says_it_all_and_its_two_users_act_as_one() -> None:
    found = entry("", secret=secret(), authority=AUTHORITY)

    names = ("USER", "PASSWORD", "HOST", "PORT", "NAME")
    assert [found[name] for name in names] == [
        "vanish_clone",
        'p/w"@',
        "db.example",
        "6543",
        "vanish",
    ]
    assert found["OPTIONS"]["assume_role"] == "vanish"
    assert found["OPTIONS"]["sslmode"] == "verify-full"
    first = entry("", secret=secret(username="vanish"), authority=AUTHORITY)
    assert first["OPTIONS"]["assume_role"] == "vanish"
    assert entry("", secret=secret(port="5433"), production=False)["PORT"] == "5433"


def test_a_secrets_server_is_verified_too() -> None:
    refused("VANISH_DATABASE_CA", lambda: entry("", secret=secret()))


@pytest.mark.parametrize(
    "text",
    [
        "postgres://db.example/vanish",
        "[]",
        '"secret"',
        secret(host=None),
        secret(dbname=""),
        secret(password=7),
        secret(port="main"),
        secret(port=None),
        secret(username='vanish"; DROP'),
        secret(username="Vanish"),
    ],
)
def test_a_secret_that_is_not_understood_is_refused_and_not_shown(text: str) -> None:
    said = refused("VANISH_DATABASE_SECRET", lambda: entry("", secret=text))
    assert "p/w" not in said


def test_a_url_and_a_secret_are_one_too_many() -> None:
    refused("VANISH_DATABASE_SECRET", lambda: entry("postgres://localhost/x", secret=secret()))


def test_without_a_url_it_is_a_file() -> None:
    assert entry("")["ENGINE"] == "django.db.backends.sqlite3"
    assert entry("")["NAME"] == Path("/data/db.sqlite3")


@pytest.mark.parametrize(
    "url",
    [
        "mysql://db.example/vanish",
        "postgres:///vanish",
        "postgres://db.example",
        "postgres://db.example/",
        f"postgres://db.example/vanish{VERIFIED}&sslcompression=1",
        f"postgres://db.example/vanish{VERIFIED}&options=-c%20x",
        f"postgres://db.example:port/vanish{VERIFIED}",
        f"postgres://db.example:99999/vanish{VERIFIED}",
        f"postgres://[db/vanish{VERIFIED}",
    ],
)
def test_a_url_that_is_not_understood_is_refused(url: str) -> None:
    refused("DATABASE_URL", lambda: entry(url))


@pytest.mark.parametrize("value", ["https://s3.example", "http://127.0.0.1:9000", ""])
@pytest.mark.parametrize("demanded", [True, False])
def test_endpoints_that_are_taken(value: str, *, demanded: bool) -> None:
    assert Env({"X": value}).read_endpoint("X", is_tls_demanded=demanded) == (value or None)


@pytest.mark.parametrize(
    ("value", "demanded"),
    [
        ("s3.example", False),
        ("ftp://s3.example", False),
        ("https://", False),
        ("https://s3.example:port", False),
        ("https://[s3.example", False),
        ("http://s3.example", True),
        ("http://127.0.0.1.example", True),
    ],
)
def test_endpoints_that_are_refused(value: str, *, demanded: bool) -> None:
    env = Env({"X": value})
    refused("X", lambda: env.read_endpoint("X", is_tls_demanded=demanded))


def test_plain_http_is_taken_where_no_tls_is_demanded() -> None:
    env = Env({"X": "http://s3.example"})
    assert env.read_endpoint("X", is_tls_demanded=False) == "http://s3.example"


def test_networks_are_a_list() -> None:
    env = Env({"X": "10.0.0.0/16, 192.0.2.7,fd00::/8,"})
    assert env.read_networks("X") == [
        ip_network(text) for text in ("10.0.0.0/16", "192.0.2.7/32", "fd00::/8")
    ]
    assert Env({}).read_networks("X") == []


@pytest.mark.parametrize(
    "value", ["proxy.example", "10.0.0.1/16", "10.0.0.0/33", "0.0.0.0/0", "::/0"]
)
def test_networks_that_are_refused(value: str) -> None:
    refused("X", lambda: Env({"X": f"10.0.0.0/16,{value}"}).read_networks("X"))


def test_a_file_must_be_there(tmp_path: Path) -> None:
    file = tmp_path / "authority.pem"
    file.write_text("certificates")

    assert Env({"X": str(file)}).read_file_path("X") == file
    assert Env({}).read_file_path("X") is None
    for absent in (tmp_path, tmp_path / "missing.pem"):
        refused("X", lambda: Env({"X": str(absent)}).read_file_path("X"))  # noqa: B023


def test_queues_are_only_needed_on_sqs() -> None:
    urls = {"edits": "https://sqs.example/1/edits", "detection": "http://127.0.0.1:1/1/detection"}

    assert queue_urls(urls, is_needed=True, is_tls_demanded=False) == urls
    assert queue_urls({"edits": ""}, is_needed=False, is_tls_demanded=False) == {}


@pytest.mark.parametrize(
    "url", ["", "edits", "arn:aws:sqs:us-east-1:1:edits", "sqs://edits", "https://[sqs"]
)
def test_a_queue_is_given_by_its_address(url: str) -> None:
    urls = {"edits": "https://sqs.example/1/edits", "detection": url}
    refused(
        "VANISH_DETECTION_QUEUE_URL",
        lambda: queue_urls(urls, is_needed=True, is_tls_demanded=False),
    )


@pytest.mark.parametrize(
    ("url", "options"),
    [
        (
            "smtp://al%40ice:p%2Fw@mail.example",
            {
                "host": "mail.example",
                "port": 587,
                "username": "al@ice",
                "password": "p/w",
                "use_tls": True,
                "use_ssl": False,
            },
        ),
        ("smtps://mail.example", {"port": 465, "use_tls": False, "use_ssl": True, "username": ""}),
        ("smtp://mail.example:2525", {"port": 2525}),
        (
            "ses://eu-central-1",
            {"client_params": {"region_name": "eu-central-1", "endpoint_url": None}},
        ),
    ],
)
def test_how_mail_leaves(url: str, options: dict[str, Any]) -> None:
    found: Any = mailer(url, endpoint_url=None)["OPTIONS"]
    assert {name: found[name] for name in options} == options


def test_mail_goes_to_the_console_where_nothing_is_set() -> None:
    assert mailer("", endpoint_url=None) == {
        "BACKEND": "django.core.mail.backends.console.EmailBackend"
    }


@pytest.mark.parametrize(
    "url",
    [
        "mail.example",
        "http://mail.example",
        "smtp://",
        "ses://",
        "smtp://mail.example:port",
        "smtp://[mail",
    ],
)
def test_mail_that_cannot_leave_is_refused(url: str) -> None:
    refused("VANISH_MAIL_URL", lambda: mailer(url, endpoint_url=None))
