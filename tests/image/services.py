"""Fakes of AWS's services, and the variables that containers need for them."""

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
EXCLUDED = (
    "DATABASE_URL",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    aws_like.DATABASE_VARIABLE,
)


@dataclass(frozen=True)
class Services:
    """The variables and addresses of one production site."""

    variables: dict[str, str]
    port: int
    database_port: int
    admin: tuple[str, str]

    @property
    def address(self) -> str:
        """The address of the web role."""
        return f"http://127.0.0.1:{self.port}"

    def build_role_variables(self) -> dict[str, str]:
        """Return the variables of every role."""
        return self.variables | {
            "VANISH_DATABASE_CA": "/opt/vanish/rds.pem",
            "VANISH_DATABASE_SECRET": self._build_secret("vanish", "password-of-vanish"),
            "PORT": str(self.port),
        }

    def build_migration_variables(self) -> dict[str, str]:
        """Return the variables of the migration."""
        admin = self._build_secret("chief", "password-of-chief")
        return self.build_role_variables() | {"VANISH_DATABASE_ADMIN_SECRET": admin}

    def build_admin_variables(self) -> dict[str, str]:
        """Return the variables of Django's `createsuperuser`."""
        email, password = self.admin
        credentials = {"DJANGO_SUPERUSER_EMAIL": email, "DJANGO_SUPERUSER_PASSWORD": password}
        return self.build_role_variables() | credentials

    def _build_secret(self, username: str, password: str) -> str:
        fields = {"host": "127.0.0.1", "port": self.database_port, "dbname": DATABASE}
        return json.dumps(fields | {"username": username, "password": password})


@contextmanager
def run_services(authority: trustme.CA) -> Iterator[Services]:
    """Run S3, SQS, Rekognition, and a database with TLS and passwords."""
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
        aws_variables = {name: value for name, value in aws.items() if name not in EXCLUDED}
        yield Services(
            variables=aws_variables | site,
            port=port,
            database_port=int(url.rpartition(":")[2].partition("/")[0]),
            admin=("chief@vanish.example", secrets.token_urlsafe(16)),
        )


def _make_chief(url: str) -> None:
    """Create an admin like that of RDS: no superuser, but the owner of the database."""
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("CREATE ROLE chief LOGIN CREATEROLE PASSWORD 'password-of-chief'")
            cursor.execute(f"CREATE DATABASE {DATABASE} OWNER chief")
