"""A rotated secret: two users take turns, and what one made the other may change."""

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
from processes.programs import ROOT, environment
from tests.needs import skip_without
from tests.stand_ins import postgres, postgres_files

pytestmark = [pytest.mark.real_services, pytest.mark.xdist_group("real_services")]

# RDS's admin is no superuser either.
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
    """A server that asks everybody but its superuser for a password, and logs what it does."""

    url: str
    log: Path

    def find_statements(self, beginning: str) -> list[str]:
        """The logged lines that hold a statement with this beginning."""
        return [line for line in self.log.read_text().splitlines() if beginning in line]

    def build_secret(self, username: str, password: str, *, dbname: str) -> str:
        """What Secrets Manager would keep."""
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
    """One with a database for each test."""
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
        except FileNotFoundError as absent:
            skip_without(str(absent))


@dataclass(frozen=True)
class UserDatabase:
    """A database of one test, and the secrets of those who use it."""

    server: Server
    dbname: str
    folder: Path

    @property
    def admin_secret(self) -> str:
        return self.server.build_secret("chief", "chief-password", dbname=self.dbname)

    def build_user_secret(self, name: str, password: str) -> str:
        return self.server.build_secret(name, password, dbname=self.dbname)

    def run(self, *command: str, secret: str, **more: str) -> "subprocess.CompletedProcess[str]":
        own = {"VANISH_DATABASE_SECRET": secret, "VANISH_DATA_DIR": str(self.folder)}
        return subprocess.run(
            [sys.executable, *command],
            env=environment() | {"DATABASE_URL": "", "AWS_STORAGE_BUCKET_NAME": ""} | own | more,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    def upgrade(self, secret: str, **more: str) -> "subprocess.CompletedProcess[str]":
        own = {"VANISH_DATABASE_ADMIN_SECRET": self.admin_secret} | more
        return self.run(str(ROOT / "manage.py"), "upgrade", secret=secret, **own)


@pytest.fixture
def installed(server: Server, tmp_path: Path) -> UserDatabase:
    """An empty database that the admin owns, and no user of ours on the whole server."""
    dbname = f"vanish_{uuid.uuid4().hex[:12]}"
    chief = server.build_secret("chief", "chief-password", dbname="postgres")
    server.execute(f"CREATE DATABASE {dbname}", as_secret=chief)
    return UserDatabase(server, dbname, tmp_path)


def test_both_users_of_a_rotation_can_migrate(installed: UserDatabase) -> None:
    name = f"vanish_{uuid.uuid4().hex[:8]}"
    first = installed.build_user_secret(name, "first-password")
    done = installed.upgrade(first)
    assert done.returncode == 0, done.stderr
    assert f"Made the database's user {name}" in done.stdout

    # What Secrets Manager's own function for alternating users does.
    installed.server.execute(
        f"CREATE ROLE {name}_clone WITH LOGIN PASSWORD 'second-password'",
        f"GRANT {name} TO {name}_clone",
        as_secret=installed.admin_secret,
    )
    second = installed.build_user_secret(f"{name}_clone", "second-password")
    again = installed.upgrade(second)
    assert again.returncode == 0, again.stderr
    assert "Made" not in again.stdout

    for secret, user, table in ((second, f"{name}_clone", "second"), (first, name, "third")):
        made = installed.run("-c", CREATE_TABLE.format(name=table), secret=secret)
        assert made.stdout.split() == [user, name], made.stderr


def test_a_clone_without_rights_gets_them(installed: UserDatabase) -> None:
    name = f"vanish_{uuid.uuid4().hex[:8]}"
    assert installed.upgrade(installed.build_user_secret(name, "first-password")).returncode == 0
    installed.server.execute(
        f"CREATE ROLE {name}_clone WITH LOGIN PASSWORD 'second-password'",
        as_secret=installed.admin_secret,
    )

    second = installed.build_user_secret(f"{name}_clone", "second-password")
    done = installed.upgrade(second)
    assert done.returncode == 0, done.stderr
    made = installed.run("-c", CREATE_TABLE.format(name="second"), secret=second)
    assert made.stdout.split() == [f"{name}_clone", name], made.stderr


def test_an_empty_database_gets_the_cloned_user_of_the_secret(installed: UserDatabase) -> None:
    name = f"vanish_{uuid.uuid4().hex[:8]}"
    second = installed.build_user_secret(f"{name}_clone", "second-password")
    done = installed.upgrade(second)

    assert done.returncode == 0, done.stderr
    made = installed.run("-c", CREATE_TABLE.format(name="second"), secret=second)
    assert made.stdout.split() == [f"{name}_clone", name], made.stderr


def test_an_old_secret_does_not_undo_a_rotation(installed: UserDatabase) -> None:
    name = f"vanish_{uuid.uuid4().hex[:8]}"
    current = installed.build_user_secret(name, "current-password")
    assert installed.upgrade(current).returncode == 0

    done = installed.upgrade(installed.build_user_secret(name, "old-password"))
    assert done.returncode != 0
    assert "of another time" in done.stderr
    assert installed.upgrade(current).returncode == 0


def test_the_admins_secret_may_name_another_database(installed: UserDatabase) -> None:
    elsewhere = json.loads(installed.admin_secret) | {"dbname": "postgres"}
    done = installed.upgrade(
        installed.build_user_secret(f"vanish_{uuid.uuid4().hex[:8]}", "own-password"),
        VANISH_DATABASE_ADMIN_SECRET=json.dumps(elsewhere),
    )

    assert done.returncode == 0, done.stderr


def test_an_admin_without_the_right_to_grant_is_reported_in_one_line(
    installed: UserDatabase,
) -> None:
    poor = f"vanish_{uuid.uuid4().hex[:8]}"
    installed.server.execute(
        f"CREATE ROLE {poor} LOGIN CREATEROLE PASSWORD 'poor'", as_secret=installed.admin_secret
    )
    done = installed.upgrade(
        installed.build_user_secret(f"{poor}_other", "own-password"),
        VANISH_DATABASE_ADMIN_SECRET=installed.build_user_secret(poor, "poor"),
    )

    assert done.returncode != 0
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr


def test_no_password_is_written_to_the_server_s_log(installed: UserDatabase) -> None:
    name = f"vanish_{uuid.uuid4().hex[:8]}"
    assert installed.upgrade(installed.build_user_secret(name, "secret-in-clear")).returncode == 0

    (statement,) = installed.server.find_statements(f'CREATE ROLE "{name}"')
    assert "SCRAM-SHA-256$" in statement
    assert "secret-in-clear" not in statement


def test_an_admin_with_a_wrong_password_is_reported_in_one_line(installed: UserDatabase) -> None:
    wrong: dict[str, Any] = json.loads(installed.admin_secret) | {"password": "not-the-password"}
    done = installed.upgrade(
        installed.build_user_secret("vanish_nobody", "own-password"),
        VANISH_DATABASE_ADMIN_SECRET=json.dumps(wrong),
    )

    assert done.returncode != 0
    assert len(done.stderr.strip().splitlines()) == 1
    assert "The database's user cannot be made" in done.stderr
    assert "not-the-password" not in done.stderr
    assert "own-password" not in done.stderr


def test_an_admin_secret_without_a_user_secret_is_refused(installed: UserDatabase) -> None:
    done = installed.upgrade("")

    assert done.returncode != 0
    assert "VANISH_DATABASE_SECRET" in done.stderr
