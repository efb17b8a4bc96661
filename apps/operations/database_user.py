"""The application's own user of a PostgreSQL server: made by the server's admin, and less able.

AWS rotates its password by two users in turn, `NAME` and `NAME_clone`, of which the second is a
member of the first (docs.aws.amazon.com, "Alternating users rotation strategy"). Both act as NAME.
"""

from collections.abc import Mapping
from contextlib import closing
from typing import Any

import psycopg2
from psycopg2.sql import SQL, Identifier, Literal

from config.database_secret import DatabaseSecret


def user_ensure(
    application: DatabaseSecret, *, admin: DatabaseSecret, options: Mapping[str, Any]
) -> bool:
    """Make what `application` names able to sign in and to make tables; whether it was not yet.

    `options` are libpq's, as for TLS. Raises psycopg2.Error.
    """
    if _signs_in(application, options):
        return False
    with closing(_connect(admin, options)) as connection, connection, connection.cursor() as cursor:
        for name in dict.fromkeys((application.owner, application.username)):
            if not _has_role(cursor, name):
                cursor.execute(SQL("CREATE ROLE {} LOGIN").format(Identifier(name)))
        user, owner = Identifier(application.username), Identifier(application.owner)
        cursor.execute(
            SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(user, Literal(application.password))
        )
        if application.username != application.owner:
            cursor.execute(SQL("GRANT {} TO {}").format(owner, user))
        cursor.execute(SQL("GRANT ALL ON SCHEMA public TO {}").format(owner))
    return True


def _signs_in(secret: DatabaseSecret, options: Mapping[str, Any]) -> bool:
    """Whether it may make tables as well: a half-made user is made again."""
    try:
        with closing(_connect(secret, options)) as connection, connection.cursor() as cursor:
            cursor.execute(
                SQL("SELECT has_schema_privilege({}, 'public', 'CREATE')").format(
                    Literal(secret.owner)
                )
            )
            row: tuple[bool] | None = cursor.fetchone()
    except psycopg2.OperationalError:
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
