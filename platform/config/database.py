"""The database setting: SQLite in the data folder, or a PostgreSQL server."""

from pathlib import Path
from urllib.parse import parse_qsl, unquote

from config.database_secret import DatabaseSecret
from config.env import BadSetting, is_local_host, parse_port, parse_url

URL = "DATABASE_URL"
SECRET = "VANISH_DATABASE_SECRET"  # noqa: S105  the variable's name
CONNECTION_SECONDS = 60
SECURE_MODES = {"verify-ca", "verify-full"}
URL_OPTIONS = {"sslmode", "sslrootcert", "sslcert", "sslkey", "application_name"}
# Notice within seconds, not after two hours, that the database has moved to another machine.
TIMEOUT_OPTIONS = {
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}


def database(
    url: str,
    *,
    secret: str,
    sqlite_file: Path,
    authority: Path | None,
    is_tls_demanded: bool,
) -> dict[str, object]:
    """Return Django's DATABASES entry.

    It comes from a URL or from a secret of AWS Secrets Manager; without both it is SQLite.

    Args:
        url: postgres://USER:PASSWORD@HOST:PORT/NAME, or "".
        secret: the JSON text of the secret, or "".
        sqlite_file: the database file that is used without a server.
        authority: a file of certificates, like that of RDS; the server must show a certificate
            that one of them has signed, for the server's own name.
        is_tls_demanded: whether a server on another machine must be verified by TLS.

    Raises:
        BadSetting: a value cannot be used.
    """
    if url and secret:
        raise BadSetting(SECRET, f"and {URL} are both set: set only one of them")
    if not url and not secret:
        return _build_sqlite_entry(sqlite_file)
    if url:
        entry, more_options = _parse_database_url(url)
    else:
        entry, more_options = _convert_secret(DatabaseSecret.read(SECRET, secret))
    options = TIMEOUT_OPTIONS | more_options
    if authority is not None:
        options |= {"sslmode": "verify-full", "sslrootcert": str(authority)}
    is_exposed = not is_local_host(str(entry["HOST"]))
    if is_tls_demanded and is_exposed and options.get("sslmode") not in SECURE_MODES:
        raise BadSetting(
            "VANISH_DATABASE_CA",
            "must name the file of the authority that signed the database server's certificate",
        )
    return entry | {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": CONNECTION_SECONDS,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _parse_database_url(url: str) -> tuple[dict[str, object], dict[str, object]]:
    """Return the entry and the options of postgres://USER:PASSWORD@HOST:PORT/NAME."""
    parts = parse_url(URL, url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise BadSetting(URL, "must look like postgres://USER:PASSWORD@HOST:PORT/NAME")
    name = unquote(parts.path.lstrip("/"))
    if not name or not parts.hostname:
        raise BadSetting(URL, "the host or the name of the database is missing")
    entry: dict[str, object] = {
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname,
        "PORT": str(parse_port(URL, parts) or 5432),
    }
    return entry, _parse_options(parts.query)


def _convert_secret(secret: DatabaseSecret) -> tuple[dict[str, object], dict[str, object]]:
    """Return the entry and the options of a secret.

    Both users of a rotation act as one role: it owns what either of them creates, so that the
    other may change it.
    """
    entry: dict[str, object] = {
        "NAME": secret.dbname,
        "USER": secret.username,
        "PASSWORD": secret.password,
        "HOST": secret.host,
        "PORT": str(secret.port),
    }
    return entry, {"assume_role": secret.owner}


def _parse_options(query: str) -> dict[str, object]:
    options: dict[str, object] = dict(parse_qsl(query, keep_blank_values=True))
    unknown = options.keys() - URL_OPTIONS
    if unknown:
        raise BadSetting(URL, f"{min(unknown)} is not one of {', '.join(sorted(URL_OPTIONS))}")
    return options


def _build_sqlite_entry(file: Path) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }
