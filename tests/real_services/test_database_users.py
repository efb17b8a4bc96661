"""Secret rotation with two database users: each may change what the other created."""

import json
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from config.database_secret import DatabaseSecret
from processes.programs import ROOT, build_environment
from tests.needs import skip_without
from tests.stand_ins import postgres, postgres_files

pytestmark = [pytest.mark.real_services, pytest.mark.xdist_group("real_services")]

# Like RDS's admin, this one is no superuser.
CREATE_ADMIN = "CREATE ROLE chief LOGIN CREATEDB CREATEROLE PASSWORD 'chief-password'"
CREATE_TABLE = """
import django; django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("CREATE TABLE {name} (id int)")
    cursor.execute("ALTER TABLE django_migrations ADD COLUMN {name} int")
    cursor.execute("SELECT session_user, tableowner FROM pg_tables WHERE tablename = '{name}'")
    print(*cursor.fetchone())
"""


@dataclass(frozen=True)
class Server:
    """A server that requires passwords from all but its superuser, and logs statements."""

    url: str
    log: Path

    def find_statements(self, beginning: str) -> list[str]:
        """Return the logged lines with a statement that begins so."""
        return [line for line in self.log.read_text().splitlines() if beginning in line]

    def build_secret(self, username: str, password: str, *, dbname: str) -> str:
        """Return a secret as Secrets Manager stores it (JSON)."""
        port = int(self.url.rpartition(":")[2].partition("/")[0])
        fields = {"engine": "postgres", "host": "127.0.0.1", "port": port, "dbname": dbname}
        return json.dumps(fields | {"username": username, "password": password})

    def execute(self, *statements: str, as_secret: str) -> None:
        secret = DatabaseSecret.read("X", as_secret)
        with closing(
            psycopg2.connect(
                host=secret.host,
                port=secret.port,
                dbname=secret.dbname,
                user=secret.username,
                password=secret.password,
            )
        ) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server for all tests of this file; each test has its own database."""
    with tempfile.TemporaryDirectory(prefix="vanish-users-") as folder:
        log = Path(folder) / "statements.log"
        settings = (
            *postgres_files.write_access_rules(Path(folder)),
            "logging_collector=on",
            "log_statement=ddl",
            f"log_directory={folder}",
            f"log_filename={log.name}",
        )
        try:
            with postgres.start_server(settings=settings, superuser="postgres") as url:
                with closing(psycopg2.connect(url)) as connection, connection:
                    connection.cursor().execute(CREATE_ADMIN)
                yield Server(url, log)
        except FileNotFoundError as error:
            skip_without(str(error))


@dataclass(frozen=True)
class UserDatabase:
    """The database of one test, and the secrets of its users."""

    server: Server
    dbname: str
    folder: Path

    @property
    def admin_secret(self) -> str:
        return self.server.build_secret("chief", "chief-password", dbname=self.dbname)

    def build_user_secret(self, name: str, password: str) -> str:
        return self.server.build_secret(name, password, dbname=self.dbname)

    def run(
        self, *command: str, secret: str, **variables: str
    ) -> "subprocess.CompletedProcess[str]":
        own = {"VANISH_DATABASE_SECRET": secret, "VANISH_DATA_DIR": str(self.folder)}
        return subprocess.run(
            [sys.executable, *command],
            env=build_environment()
            | {"DATABASE_URL": "", "AWS_STORAGE_BUCKET_NAME": ""}
            | own
            | variables,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    def upgrade(self, secret: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        own = {"VANISH_DATABASE_ADMIN_SECRET": self.admin_secret} | variables
        return self.run(str(ROOT / "manage.py"), "upgrade", secret=secret, **own)


@pytest.fixture
def user_database(server: Server, tmp_path: Path) -> UserDatabase:
    """An empty database that the admin owns; its users do not exist yet."""
    dbname = f"vanish_{uuid.uuid4().hex[:12]}"
    admin = server.build_secret("chief", "chief-password", dbname="postgres")
    server.execute(f"CREATE DATABASE {dbname}", as_secret=admin)
    return UserDatabase(server, dbname, tmp_path)


def test_both_users_of_a_rotation_can_migrate(user_database: UserDatabase) -> None:
    name = f"vanish_{uuid.uuid4().hex[:8]}"
    first = user_database.build_user_secret(name, "first-password")
    result = user_database.upgrade(first)
    assert result.returncode == 0, result.stderr
    assert f"Created the database user {name}" in result.stdout

    # Secrets Manager's function for alternating users does this.
    user_database.server.execute(
        f"CREATE ROLE {name}_clone WITH LOGIN PASSWORD 'second-password'",
        f"GRANT {name} TO {name}_clone",
        as_secret=user_database.admin_secret,
    )
    second = user_database.build_user_secret(f"{name}_clone", "second-password")
    second_result = user_database.upgrade(second)
    assert second_result.returncode == 0, second_result.stderr
    assert "Made" not in second_result.stdout

    for secret, user, table in ((second, f"{name}_clone", "second"), (first, name, "third")):
        migration = user_database.run("-c", CREATE_TABLE.format(name=table), secret=secret)
        assert migration.stdout.split() == [user, name], migration.stderr


def test_a_clone_without_rights_gets_them(user_database: UserDatabase) -> None:
    name = f"vanish_{uuid.uuid4().hex[:8]}"
    assert (
        user_database.upgrade(user_database.build_user_secret(name, "first-password")).returncode
        == 0
    )
    user_database.server.execute(
        f"CREATE ROLE {name}_clone WITH LOGIN PASSWORD 'second-password'",
        as_secret=user_database.admin_secret,
    )

    second = user_database.build_user_secret(f"{name}_clone", "second-password")
    result = user_database.upgrade(second)
    assert result.returncode == 0, result.stderr
    migration = user_database.run("-c", CREATE_TABLE.format(name="second"), secret=second)
    assert migration.stdout.split() == [f"{name}_clone", name], migration.stderr


def test_an_empty_database_gets_the_cloned_user_of_the_secret(user_database: UserDatabase) -> None:
    name = f"vanish_{uuid.uuid4().hex[:8]}"
    second = user_database.build_user_secret(f"{name}_clone", "second-password")
    result = user_database.upgrade(second)

    assert result.returncode == 0, result.stderr
    migration = user_database.run("-c", CREATE_TABLE.format(name="second"), secret=second)
    assert migration.stdout.split() == [f"{name}_clone", name], migration.stderr


def test_an_old_secret_does_not_undo_a_rotation(user_database: UserDatabase) -> None:
    name = f"vanish_{uuid.uuid4().hex[:8]}"
    current = user_database.build_user_secret(name, "current-password")
    assert user_database.upgrade(current).returncode == 0

    result = user_database.upgrade(user_database.build_user_secret(name, "old-password"))
    assert result.returncode != 0
    assert "the secret is older or newer than the database" in result.stderr
    assert user_database.upgrade(current).returncode == 0


def test_the_admins_secret_may_name_another_database(user_database: UserDatabase) -> None:
    admin_secret = json.loads(user_database.admin_secret) | {"dbname": "postgres"}
    result = user_database.upgrade(
        user_database.build_user_secret(f"vanish_{uuid.uuid4().hex[:8]}", "own-password"),
        VANISH_DATABASE_ADMIN_SECRET=json.dumps(admin_secret),
    )

    assert result.returncode == 0, result.stderr


def test_an_admin_without_the_right_to_grant_is_reported_in_one_line(
    user_database: UserDatabase,
) -> None:
    admin_name = f"vanish_{uuid.uuid4().hex[:8]}"
    user_database.server.execute(
        f"CREATE ROLE {admin_name} LOGIN CREATEROLE PASSWORD 'poor'",
        as_secret=user_database.admin_secret,
    )
    result = user_database.upgrade(
        user_database.build_user_secret(f"{admin_name}_other", "own-password"),
        VANISH_DATABASE_ADMIN_SECRET=user_database.build_user_secret(admin_name, "poor"),
    )

    assert result.returncode != 0
    assert len(result.stderr.strip().splitlines()) == 1, result.stderr


def test_no_password_is_written_to_the_server_s_log(user_database: UserDatabase) -> None:
    name = f"vanish_{uuid.uuid4().hex[:8]}"
    assert (
        user_database.upgrade(user_database.build_user_secret(name, "secret-in-clear")).returncode
        == 0
    )

    (statement,) = user_database.server.find_statements(f'CREATE ROLE "{name}"')
    assert "SCRAM-SHA-256$" in statement
    assert "secret-in-clear" not in statement


def test_an_admin_with_a_wrong_password_is_reported_in_one_line(
    user_database: UserDatabase,
) -> None:
    wrong_secret: dict[str, Any] = json.loads(user_database.admin_secret) | {
        "password": "not-the-password"
    }
    result = user_database.upgrade(
        user_database.build_user_secret("vanish_nobody", "own-password"),
        VANISH_DATABASE_ADMIN_SECRET=json.dumps(wrong_secret),
    )

    assert result.returncode != 0
    assert len(result.stderr.strip().splitlines()) == 1
    assert "The database user cannot be created" in result.stderr
    assert "not-the-password" not in result.stderr
    assert "own-password" not in result.stderr


def test_an_admin_secret_without_a_user_secret_is_refused(user_database: UserDatabase) -> None:
    result = user_database.upgrade("")

    assert result.returncode != 0
    assert "VANISH_DATABASE_SECRET" in result.stderr
