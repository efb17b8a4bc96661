"""Servers that stand for AWS's, and what the containers must be told of them."""

import json
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import trustme

from tests.stand_ins import aws_like, postgres, postgres_files
from tests.stand_ins.ports import find_free_port

DATABASE = "vanish"
NOT_OURS = (
    "DATABASE_URL",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    aws_like.DATABASE_VARIABLE,
)


@dataclass(frozen=True)
class Services:
    """The environment of one production site."""

    variables: dict[str, str]
    port: int
    database_port: int
    admin: tuple[str, str]

    @property
    def address(self) -> str:
        """Where the web role answers."""
        return f"http://127.0.0.1:{self.port}"

    def of_role(self) -> dict[str, str]:
        """What every role is told."""
        return self.variables | {
            "VANISH_DATABASE_CA": "/opt/vanish/rds.pem",
            "VANISH_DATABASE_SECRET": self._secret("vanish", "password-of-vanish"),
            "PORT": str(self.port),
        }

    def of_migration(self) -> dict[str, str]:
        """What the migration is told beyond that."""
        admin = self._secret("chief", "password-of-chief")
        return self.of_role() | {"VANISH_DATABASE_ADMIN_SECRET": admin}

    def of_first_admin(self) -> dict[str, str]:
        """As Django's `createsuperuser` reads it."""
        email, password = self.admin
        named = {"DJANGO_SUPERUSER_EMAIL": email, "DJANGO_SUPERUSER_PASSWORD": password}
        return self.of_role() | named

    def _secret(self, username: str, password: str) -> str:
        fields = {"host": "127.0.0.1", "port": self.database_port, "dbname": DATABASE}
        return json.dumps(fields | {"username": username, "password": password})


@contextmanager
def running(authority: trustme.CA) -> Iterator[Services]:
    """S3, SQS and Rekognition, and a database with TLS that asks for passwords."""
    with (
        tempfile.TemporaryDirectory(prefix="vanish-proof-") as folder,
        aws_like.start_servers() as aws,
        postgres.start_server(
            settings=(
                *postgres_files.write_certificate(Path(folder), authority),
                *postgres_files.write_access_rules(Path(folder)),
            ),
            superuser="postgres",
        ) as url,
    ):
        _make_chief(url)
        port = find_free_port()
        site = {
            "VANISH_ENVIRONMENT": "production",
            "SECRET_KEY": secrets.token_urlsafe(64),
            "VANISH_ALLOWED_HOSTS": "127.0.0.1",
            "VANISH_TRUSTED_PROXIES": "127.0.0.1/32",
            "VANISH_PROXY_SCHEME_HEADER": "CloudFront-Forwarded-Proto",
            "VANISH_MAIL_URL": "ses://us-east-1",
            "VANISH_MAIL_FROM": "vanish@vanish.example",
            "VANISH_STOP_SECONDS": "100",
        }
        known = {name: value for name, value in aws.items() if name not in NOT_OURS}
        yield Services(
            variables=known | site,
            port=port,
            database_port=int(url.rpartition(":")[2].partition("/")[0]),
            admin=("chief@vanish.example", secrets.token_urlsafe(16)),
        )


def _make_chief(url: str) -> None:
    """The server's admin as RDS has one: no superuser, but the owner of the database."""
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("CREATE ROLE chief LOGIN CREATEROLE PASSWORD 'password-of-chief'")
            cursor.execute(f"CREATE DATABASE {DATABASE} OWNER chief")
