"""The application's own user of a PostgreSQL server: made by the server's admin, and less able.

AWS rotates its password by two users in turn, `NAME` and `NAME_clone`, of which the second is a
member of the first (docs.aws.amazon.com, "Alternating users rotation strategy"). Both act as NAME.
"""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from typing import Any

import psycopg2
from psycopg2.extensions import encrypt_password
from psycopg2.sql import SQL, Identifier, Literal

from config.database_secret import DatabaseSecret


class UserRefused(Exception):
    """The database does not take the user as the secret has it; the text says what to do."""


def user_ensure(
    application: DatabaseSecret, *, admin: DatabaseSecret, options: Mapping[str, Any]
) -> bool:
    """Make what `application` names able to sign in and to make tables; whether it was not yet.

    A user that is there keeps its password: the secret's may be older than the last rotation.
    `options` are libpq's, as for TLS. Raises psycopg2.Error and UserRefused.
    """
    if _is_able(application, options):
        return False
    as_admin = replace(application, username=admin.username, password=admin.password)
    with (
        closing(_connect(as_admin, options)) as connection,
        connection,
        connection.cursor() as cursor,
    ):
        _make(application, cursor)
    if not _is_able(application, options):
        raise UserRefused(
            f"{application.username} is there, but cannot sign in with the secret's password or"
            f" not act as {application.owner}: the secret is of another time"
            " (infra/README.md, Restore)."
        )
    return True


def _make(application: DatabaseSecret, cursor: Any) -> None:
    """What is missing of the user, the role it acts as, and their rights."""
    user, owner = Identifier(application.username), Identifier(application.owner)
    if not _has_role(cursor, application.username):
        # The server may log a statement that fails: it gets no password in clear text.
        verifier = encrypt_password(
            application.password,
            application.username,
            scope=cursor.connection,
            algorithm="scram-sha-256",
        )
        cursor.execute(SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(user, Literal(verifier)))
    if not _has_role(cursor, application.owner):
        cursor.execute(SQL("CREATE ROLE {}").format(owner))
    if application.username != application.owner:
        cursor.execute(SQL("GRANT {} TO {}").format(owner, user))
    cursor.execute(SQL("GRANT ALL ON SCHEMA public TO {}").format(owner))


def _is_able(secret: DatabaseSecret, options: Mapping[str, Any]) -> bool:
    """Whether it signs in and may make tables as the owner."""
    try:
        with closing(_connect(secret, options)) as connection, connection.cursor() as cursor:
            cursor.execute(SQL("SET ROLE {}").format(Identifier(secret.owner)))
            cursor.execute("SELECT has_schema_privilege('public', 'CREATE')")
            row: tuple[bool] | None = cursor.fetchone()
    except psycopg2.Error:
        return False
    return row is not None and row[0]


def _has_role(cursor: Any, name: str) -> bool:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
    return cursor.fetchone() is not None


def _connect(secret: DatabaseSecret, options: Mapping[str, Any]) -> Any:
    return psycopg2.connect(
        host=secret.host,
        port=secret.port,
        dbname=secret.dbname,
        user=secret.username,
        password=secret.password,
        **options,
    )
