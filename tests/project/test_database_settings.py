"""Settings of services are read strictly: a bad value is named, and TLS is demanded."""

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


def read_database(
    url: str, *, secret: str = "", authority: Path | None = None, production: bool = True
) -> dict[str, Any]:
    """Return the entry of DATABASES for these settings."""
    return database(
        url,
        secret=secret,
        sqlite_file=Path("/data/db.sqlite3"),
        authority=authority,
        is_tls_demanded=production,
    )


def build_secret(**changes: object) -> str:
    """Return a secret as Secrets Manager keeps it for a server of RDS."""
    fields = {
        "engine": "postgres",
        "username": "vanish_clone",
        "password": 'p/w"@',
        "host": "db.example",
        "port": 6543,
        "dbname": "vanish",
    }
    return json.dumps(fields | changes)


def expect_refusal(variable: str, read: Callable[[], object]) -> str:
    """Check that the variable is refused by name; return the message."""
    with pytest.raises(BadSetting) as refusal:
        read()
    assert refusal.value.name == variable
    assert str(refusal.value).startswith(f"{variable}: ")
    return str(refusal.value)


@pytest.mark.parametrize("query", ["", "?sslmode=require", "?sslmode=prefer", "?sslmode=disable"])
def test_production_demands_a_verified_server(query: str) -> None:
    url = f"postgres://vanish:secret@db.example/vanish{query}"

    message = expect_refusal("VANISH_DATABASE_CA", lambda: read_database(url))
    assert "secret" not in message
    assert read_database(url, production=False)["HOST"] == "db.example"


@pytest.mark.parametrize("mode", ["verify-ca", "verify-full"])
def test_the_url_may_set_how_the_server_is_verified(mode: str) -> None:
    url = f"postgres://db.example/vanish?sslmode={mode}&sslrootcert=/certificates/rds.pem"

    options = read_database(url)["OPTIONS"]
    assert (options["sslmode"], options["sslrootcert"]) == (mode, "/certificates/rds.pem")


@pytest.mark.parametrize("query", ["", "?sslmode=disable", "?sslmode=verify-ca&sslrootcert=/x"])
def test_the_authority_overrides_the_url(query: str) -> None:
    options = read_database(f"postgresql://db.example/vanish{query}", authority=AUTHORITY)[
        "OPTIONS"
    ]

    assert (options["sslmode"], options["sslrootcert"]) == ("verify-full", str(AUTHORITY))


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_a_local_server_needs_no_tls(host: str) -> None:
    assert read_database(f"postgres://{host}/vanish")["HOST"] == host.strip("[]")


@pytest.mark.parametrize("host", ["localhost.example", "127.0.0.2", "10.0.0.1", "db"])
def test_a_host_that_only_looks_local_needs_tls(host: str) -> None:
    expect_refusal("VANISH_DATABASE_CA", lambda: read_database(f"postgres://{host}/vanish"))


def test_a_lost_database_is_noticed_within_seconds() -> None:
    options = read_database("postgres://localhost/vanish?application_name=web")["OPTIONS"]

    assert options["application_name"] == "web"
    assert 0 < options["connect_timeout"] <= 10
    seconds = options["keepalives_idle"] + (
        options["keepalives_interval"] * options["keepalives_count"]
    )
    assert (options["keepalives"], seconds) == (1, 45)


def test_a_secret_has_everything_and_its_two_users_share_a_role() -> None:
    config = read_database("", secret=build_secret(), authority=AUTHORITY)

    names = ("USER", "PASSWORD", "HOST", "PORT", "NAME")
    assert [config[name] for name in names] == [
        "vanish_clone",
        'p/w"@',
        "db.example",
        "6543",
        "vanish",
    ]
    assert config["OPTIONS"]["assume_role"] == "vanish"
    assert config["OPTIONS"]["sslmode"] == "verify-full"
    first = read_database("", secret=build_secret(username="vanish"), authority=AUTHORITY)
    assert first["OPTIONS"]["assume_role"] == "vanish"
    assert read_database("", secret=build_secret(port="5433"), production=False)["PORT"] == "5433"


def test_the_server_of_a_secret_must_be_verified_too() -> None:
    expect_refusal("VANISH_DATABASE_CA", lambda: read_database("", secret=build_secret()))


@pytest.mark.parametrize(
    "text",
    [
        "postgres://db.example/vanish",
        "[]",
        '"secret"',
        build_secret(host=None),
        build_secret(dbname=""),
        build_secret(password=7),
        build_secret(port="main"),
        build_secret(port=None),
        build_secret(username='vanish"; DROP'),
        build_secret(username="Vanish"),
    ],
)
def test_an_invalid_secret_is_refused_and_not_shown(text: str) -> None:
    message = expect_refusal("VANISH_DATABASE_SECRET", lambda: read_database("", secret=text))
    assert "p/w" not in message


def test_a_url_and_a_secret_together_are_refused() -> None:
    expect_refusal(
        "VANISH_DATABASE_SECRET",
        lambda: read_database("postgres://localhost/x", secret=build_secret()),
    )


def test_without_a_url_the_database_is_a_sqlite_file() -> None:
    assert read_database("")["ENGINE"] == "django.db.backends.sqlite3"
    assert read_database("")["NAME"] == Path("/data/db.sqlite3")


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
def test_an_invalid_url_is_refused(url: str) -> None:
    expect_refusal("DATABASE_URL", lambda: read_database(url))


@pytest.mark.parametrize("value", ["https://s3.example", "http://127.0.0.1:9000", ""])
@pytest.mark.parametrize("demanded", [True, False])
def test_valid_endpoints_are_accepted(value: str, *, demanded: bool) -> None:
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
def test_invalid_endpoints_are_refused(value: str, *, demanded: bool) -> None:
    env = Env({"X": value})
    expect_refusal("X", lambda: env.read_endpoint("X", is_tls_demanded=demanded))


def test_plain_http_is_accepted_where_no_tls_is_demanded() -> None:
    env = Env({"X": "http://s3.example"})
    assert env.read_endpoint("X", is_tls_demanded=False) == "http://s3.example"


def test_networks_are_separated_by_commas() -> None:
    env = Env({"X": "10.0.0.0/16, 192.0.2.7,fd00::/8,"})
    assert env.read_networks("X") == [
        ip_network(text) for text in ("10.0.0.0/16", "192.0.2.7/32", "fd00::/8")
    ]
    assert Env({}).read_networks("X") == []


@pytest.mark.parametrize(
    "value", ["proxy.example", "10.0.0.1/16", "10.0.0.0/33", "0.0.0.0/0", "::/0"]
)
def test_invalid_networks_are_refused(value: str) -> None:
    expect_refusal("X", lambda: Env({"X": f"10.0.0.0/16,{value}"}).read_networks("X"))


def test_a_file_must_exist(tmp_path: Path) -> None:
    file = tmp_path / "authority.pem"
    file.write_text("certificates")

    assert Env({"X": str(file)}).read_file_path("X") == file
    assert Env({}).read_file_path("X") is None
    for absent in (tmp_path, tmp_path / "missing.pem"):
        expect_refusal("X", lambda: Env({"X": str(absent)}).read_file_path("X"))  # noqa: B023


def test_queues_are_only_needed_on_sqs() -> None:
    urls = {"edits": "https://sqs.example/1/edits", "detection": "http://127.0.0.1:1/1/detection"}

    assert queue_urls(urls, is_needed=True, is_tls_demanded=False) == urls
    assert queue_urls({"edits": ""}, is_needed=False, is_tls_demanded=False) == {}


@pytest.mark.parametrize(
    "url", ["", "edits", "arn:aws:sqs:us-east-1:1:edits", "sqs://edits", "https://[sqs"]
)
def test_a_queue_that_is_no_url_is_refused(url: str) -> None:
    urls = {"edits": "https://sqs.example/1/edits", "detection": url}
    expect_refusal(
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
def test_a_mail_url_becomes_options(url: str, options: dict[str, Any]) -> None:
    config: Any = mailer(url, endpoint_url=None)["OPTIONS"]
    assert {name: config[name] for name in options} == options


def test_without_a_mail_url_mail_is_printed_to_the_console() -> None:
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
def test_an_invalid_mail_url_is_refused(url: str) -> None:
    expect_refusal("VANISH_MAIL_URL", lambda: mailer(url, endpoint_url=None))
