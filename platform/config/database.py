"""Where rows are kept: SQLite in the data folder, or a PostgreSQL server."""

from pathlib import Path
from urllib.parse import parse_qsl, unquote

from config.env import BadSetting, address_of, is_this_machine, port_of

NAME = "DATABASE_URL"
SECONDS_KEPT = 60
SECURE_MODES = {"verify-ca", "verify-full"}
UNDERSTOOD = {"sslmode", "sslrootcert", "sslcert", "sslkey", "application_name"}
# A database that has moved to another machine must be noticed within seconds, not in two hours.
PATIENCE = {
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}


def database(
    url: str, *, sqlite_file: Path, authority: Path | None, is_tls_demanded: bool
) -> dict[str, object]:
    """Django's DATABASES entry: from postgres://USER:PASSWORD@HOST:PORT/NAME, or SQLite.

    `authority` is a file of certificates, like that of RDS: the server must show one signed by
    it, for its own name. Raises BadSetting.
    """
    if not url:
        return _sqlite(sqlite_file)
    parts = address_of(NAME, url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise BadSetting(NAME, "only postgres://USER:PASSWORD@HOST:PORT/NAME is understood")
    name = unquote(parts.path.lstrip("/"))
    if not name or not parts.hostname:
        raise BadSetting(NAME, "the host or the name of the database is missing")
    options = PATIENCE | _asked_options(parts.query)
    if authority is not None:
        options |= {"sslmode": "verify-full", "sslrootcert": str(authority)}
    is_exposed = not is_this_machine(parts.hostname)
    if is_tls_demanded and is_exposed and options.get("sslmode") not in SECURE_MODES:
        raise BadSetting(
            "VANISH_DATABASE_CA",
            "must name the file of the authority that the database server's certificate is from",
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname,
        "PORT": str(port_of(NAME, parts) or 5432),
        "CONN_MAX_AGE": SECONDS_KEPT,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _asked_options(query: str) -> dict[str, object]:
    asked = dict(parse_qsl(query, keep_blank_values=True))
    unknown = asked.keys() - UNDERSTOOD
    if unknown:
        raise BadSetting(NAME, f"{min(unknown)} is not one of {', '.join(sorted(UNDERSTOOD))}")
    return dict(asked)


def _sqlite(file: Path) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }
