"""The environment is read strictly: a bad variable stops the start and is named."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.database import database
from config.env import BadSetting, Env

ROOT = Path(__file__).resolve().parents[2]
SAFE_PRODUCTION = {
    "VANISH_ENVIRONMENT": "production",
    "VANISH_ALLOWED_HOSTS": "vanish.example",
    "VANISH_MAIL_URL": "smtp://mail.vanish.example",
    "SECRET_KEY": "Aw9-rkPq2Zs_7TmXv4Lb8NcYd1Fg6Hj3Ke5Ru0WiOxQzBpMtVnSaDfGhJlCy",
}


def run_manage(
    tmp_path: Path, *command: str, **variables: str
) -> "subprocess.CompletedProcess[str]":
    """Run `manage.py` in a new process with only these variables."""
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *command],
        cwd=tmp_path,
        env=environment | {"VANISH_DATA_DIR": str(tmp_path / "data")} | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eight thousand"),
        ("PORT", "70000"),
        ("VANISH_PHOTO_MAX_MEGAPIXELS", "1000"),
        ("VANISH_PHOTO_MAX_SIDE", "40000"),
        ("VANISH_PHOTO_MEMORY_MB", "1"),
        ("DETECTOR", "crystal-ball"),
        ("INPAINTER", "brush"),
        ("VANISH_ENVIRONMENT", "staging"),
        ("VANISH_DEBUG", "perhaps"),
        ("DATABASE_URL", "mysql://localhost/vanish"),
        ("DATABASE_URL", "postgres://localhost"),
        ("VANISH_MODEL_DIR", __file__),
        ("VANISH_DATA_DIR", f"{__file__}/below-a-file"),
        ("VANISH_LOG_LEVEL", "chatty"),
    ],
)
def test_a_bad_variable_is_named_in_one_line(tmp_path: Path, name: str, value: str) -> None:
    result = run_manage(tmp_path, "check", **{name: value})

    assert result.returncode != 0
    assert result.stderr.strip().startswith(f"Bad setting {name}: ")
    assert len(result.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("VANISH_ALLOWED_HOSTS", ""),
        ("VANISH_DEBUG", "true"),
        ("VANISH_MAIL_URL", ""),
        ("VANISH_METRICS_TOKEN", "short"),
        ("VANISH_TRUSTED_PROXIES", "0.0.0.0/0"),
        ("AWS_ENDPOINT_URL", "http://aws.example"),
        ("AWS_ENDPOINT_URL_S3", "http://s3.example"),
    ],
)
def test_production_refuses_unsafe_values(tmp_path: Path, name: str, value: str) -> None:
    result = run_manage(tmp_path, "check", **(SAFE_PRODUCTION | {name: value}))

    assert result.returncode != 0
    assert result.stderr.strip().startswith(f"Bad setting {name}: ")


def test_production_refuses_a_database_across_the_network_without_tls(tmp_path: Path) -> None:
    url = "postgres://vanish:secret@db.example/vanish"
    result = run_manage(tmp_path, "check", **(SAFE_PRODUCTION | {"DATABASE_URL": url}))

    assert result.returncode != 0
    assert result.stderr.strip().startswith("Bad setting VANISH_DATABASE_CA: ")
    assert "secret" not in result.stderr


def test_sqs_without_queue_urls_is_refused(tmp_path: Path) -> None:
    result = run_manage(tmp_path, "check", CELERY_BROKER_URL="sqs://")

    assert result.returncode != 0
    assert result.stderr.strip().startswith("Bad setting VANISH_EDITS_QUEUE_URL: ")


def test_production_settings_pass_the_deployment_checks(tmp_path: Path) -> None:
    result = run_manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **SAFE_PRODUCTION)

    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout + result.stderr


def test_a_short_secret_key_fails_the_deployment_checks(tmp_path: Path) -> None:
    weak = SAFE_PRODUCTION | {"SECRET_KEY": "short"}
    result = run_manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **weak)

    assert result.returncode != 0
    assert "SECRET_KEY" in result.stderr


def test_every_model_has_its_migration(tmp_path: Path) -> None:
    result = run_manage(tmp_path, "makemigrations", "--check", "--dry-run")

    assert result.returncode == 0, result.stdout


def test_a_postgres_url_is_parsed(tmp_path: Path) -> None:
    url = "postgres://al%40ice:p%2Fw@db.example:6543/van%20ish"
    entry = database(
        url, secret="", sqlite_file=tmp_path / "x", authority=None, is_tls_demanded=False
    )

    names = ("ENGINE", "USER", "PASSWORD", "HOST", "PORT", "NAME")
    assert [entry[name] for name in names] == [
        "django.db.backends.postgresql",
        "al@ice",
        "p/w",
        "db.example",
        "6543",
        "van ish",
    ]


@pytest.mark.parametrize(("text", "value"), [("yes", True), ("OFF", False), ("", True)])
def test_flags_are_read_from_words(text: str, *, value: bool) -> None:
    assert Env({"FLAG": text}).read_flag("FLAG", default=True) is value


def test_white_space_counts_as_no_value() -> None:
    with pytest.raises(BadSetting, match="SECRET: must be set: because"):
        Env({"SECRET": "  "}).require_text("SECRET", "because")
