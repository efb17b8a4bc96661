"""PostgreSQL over TLS, with a verified server certificate."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme

from processes.programs import build_environment
from tests.needs import skip_without
from tests.stand_ins import postgres, postgres_files

pytestmark = [pytest.mark.real_services, pytest.mark.xdist_group("real_services")]

QUERY = """
import django; django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
    print("encrypted:", cursor.fetchone()[0])
"""


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server with a certificate for 127.0.0.1 only, and its authority."""

    url: str
    authority: Path

    def query_encryption(
        self, folder: Path, **variables: str
    ) -> "subprocess.CompletedProcess[str]":
        """Ask the server, from one of our processes, whether the connection is encrypted."""
        own = {"DATABASE_URL": self.url, "VANISH_DATA_DIR": str(folder)}
        return subprocess.run(
            [sys.executable, "-c", QUERY],
            env=build_environment() | own | variables,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A PostgreSQL server with TLS."""
    authority = trustme.CA()
    with tempfile.TemporaryDirectory(prefix="vanish-tls-") as folder:
        settings = postgres_files.write_certificate(Path(folder), authority)
        bundle = Path(folder) / "authority.pem"
        authority.cert_pem.write_to_path(bundle)
        try:
            with postgres.start_server(settings=settings) as url:
                yield Server(url, bundle)
        except FileNotFoundError as error:
            skip_without(str(error))


def test_a_server_with_a_trusted_certificate_is_used_over_tls(
    server: Server, tmp_path: Path
) -> None:
    result = server.query_encryption(tmp_path, VANISH_DATABASE_CA=str(server.authority))

    assert result.stdout.strip() == "encrypted: True", result.stderr


def test_a_server_with_a_certificate_of_another_authority_is_refused(
    server: Server, tmp_path: Path
) -> None:
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(other)
    result = server.query_encryption(tmp_path, VANISH_DATABASE_CA=str(other))

    assert result.returncode != 0
    assert "certificate verify failed" in result.stderr


def test_a_server_with_another_name_is_refused(server: Server, tmp_path: Path) -> None:
    result = server.query_encryption(
        tmp_path,
        VANISH_DATABASE_CA=str(server.authority),
        DATABASE_URL=server.url.replace("127.0.0.1", "localhost"),
    )

    assert result.returncode != 0
    assert "does not match host name" in result.stderr


def test_the_url_can_require_a_verified_certificate(server: Server, tmp_path: Path) -> None:
    url = f"{server.url}?sslmode=verify-full&sslrootcert={server.authority}"
    result = server.query_encryption(tmp_path, DATABASE_URL=url)

    assert result.stdout.strip() == "encrypted: True", result.stderr


def test_the_authority_variable_overrides_the_url(server: Server, tmp_path: Path) -> None:
    result = server.query_encryption(
        tmp_path,
        VANISH_DATABASE_CA=str(server.authority),
        DATABASE_URL=f"{server.url}?sslmode=disable",
    )

    assert result.stdout.strip() == "encrypted: True", result.stderr
