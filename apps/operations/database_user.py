"""The application's own user of a PostgreSQL server: the server's admin creates it.

It has fewer rights than the admin. AWS rotates its password with two alternating users, `NAME` and
`NAME_clone`; the second is a member of the first (docs.aws.amazon.com, "Alternating users rotation
strategy"). Both act as NAME.
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
    """The user in the secret cannot be used in the database; the message says what to do."""


def ensure_user(
    application: DatabaseSecret, *, admin: DatabaseSecret, options: Mapping[str, Any]
) -> bool:
    """Enable the user of `application` to sign in and to create tables.

    An existing user keeps its password, because the secret may be older than the last rotation.

    Args:
        application: the secret of the application's user.
        admin: the secret of the server's admin.
        options: options of libpq, like those for TLS.

    Returns:
        Whether anything had to be changed.

    Raises:
        psycopg2.Error: the server refused the admin or a statement.
        UserRefused: the user exists, but cannot be used with the secret.
    """
    if _is_able(application, options):
        return False
    as_admin = replace(application, username=admin.username, password=admin.password)
    with (
        closing(_connect(as_admin, options)) as connection,
        connection,
        connection.cursor() as cursor,
    ):
        _create_missing(application, cursor)
    if not _is_able(application, options):
        raise UserRefused(
            f"{application.username} exists, but it cannot sign in with the secret's password or"
            f" cannot act as {application.owner}: the secret is older or newer than the database"
            " (infra/README.md, Restore)."
        )
    return True


def _create_missing(application: DatabaseSecret, cursor: Any) -> None:
    """Create the user, the role that it acts as, and their rights, where they are missing."""
    user, owner = Identifier(application.username), Identifier(application.owner)
    if not _has_role(cursor, application.username):
        # The server may log a statement that fails, so it gets no password in clear text.
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
    """Return whether the user can sign in and can create tables as the owner."""
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
