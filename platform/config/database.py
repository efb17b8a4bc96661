"""Where rows are kept: SQLite in the data folder, or a PostgreSQL server."""

from pathlib import Path
from urllib.parse import parse_qsl, unquote

from config.database_secret import DatabaseSecret
from config.env import BadSetting, address_of, is_this_machine, port_of

URL = "DATABASE_URL"
SECRET = "VANISH_DATABASE_SECRET"  # noqa: S105  the variable's name
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
    url: str,
    *,
    secret: str,
    sqlite_file: Path,
    authority: Path | None,
    is_tls_demanded: bool,
) -> dict[str, object]:
    """Django's DATABASES entry: from a URL, or a secret of Secrets Manager, or else SQLite.

    `authority` is a file of certificates, like that of RDS: the server must show one signed by
    it, for its own name. Raises BadSetting.
    """
    if url and secret:
        raise BadSetting(SECRET, f"and {URL} are both set: one of them says where the rows are")
    if not url and not secret:
        return _sqlite(sqlite_file)
    entry, asked = _by_url(url) if url else _by_secret(DatabaseSecret.read(SECRET, secret))
    options = PATIENCE | asked
    if authority is not None:
        options |= {"sslmode": "verify-full", "sslrootcert": str(authority)}
    is_exposed = not is_this_machine(str(entry["HOST"]))
    if is_tls_demanded and is_exposed and options.get("sslmode") not in SECURE_MODES:
        raise BadSetting(
            "VANISH_DATABASE_CA",
            "must name the file of the authority that the database server's certificate is from",
        )
    return entry | {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": SECONDS_KEPT,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _by_url(url: str) -> tuple[dict[str, object], dict[str, object]]:
    """postgres://USER:PASSWORD@HOST:PORT/NAME."""
    parts = address_of(URL, url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise BadSetting(URL, "only postgres://USER:PASSWORD@HOST:PORT/NAME is understood")
    name = unquote(parts.path.lstrip("/"))
    if not name or not parts.hostname:
        raise BadSetting(URL, "the host or the name of the database is missing")
    entry: dict[str, object] = {
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname,
        "PORT": str(port_of(URL, parts) or 5432),
    }
    return entry, _asked_options(parts.query)


def _by_secret(secret: DatabaseSecret) -> tuple[dict[str, object], dict[str, object]]:
    """Both users act as one role: what either makes belongs to it, and the other may change it."""
    entry: dict[str, object] = {
        "NAME": secret.dbname,
        "USER": secret.username,
        "PASSWORD": secret.password,
        "HOST": secret.host,
        "PORT": str(secret.port),
    }
    return entry, {"assume_role": secret.owner}


def _asked_options(query: str) -> dict[str, object]:
    asked = dict(parse_qsl(query, keep_blank_values=True))
    unknown = asked.keys() - UNDERSTOOD
    if unknown:
        raise BadSetting(URL, f"{min(unknown)} is not one of {', '.join(sorted(UNDERSTOOD))}")
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
