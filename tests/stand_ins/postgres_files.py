"""Files for a PostgreSQL server: its certificate and its access rules."""

import os
import shutil
from pathlib import Path

import trustme

PASSWORD_RULES = "host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
"""All users except the superuser `postgres` need a password."""


def write_certificate(folder: Path, authority: trustme.CA) -> tuple[str, ...]:
    """Write a certificate for 127.0.0.1 only, and return the settings of a server with TLS."""
    certificate = authority.issue_cert("127.0.0.1")
    key, chain = folder / "key.pem", folder / "server.pem"
    certificate.private_key_pem.write_to_path(key)
    certificate.cert_chain_pems[0].write_to_path(chain)
    key.chmod(0o600)
    _give_to_server(folder, key, chain)
    return ("ssl=on", f"ssl_cert_file={chain}", f"ssl_key_file={key}")


def write_access_rules(folder: Path, text: str = PASSWORD_RULES) -> tuple[str, ...]:
    """Write access rules (pg_hba.conf), and return the settings of a server with them."""
    file = folder / "pg_hba.conf"
    file.write_text(text)
    _give_to_server(folder, file)
    return (f"hba_file={file}",)


def _give_to_server(*paths: Path) -> None:
    """Let the server read the files: if root starts it, it runs as `postgres`."""
    if os.geteuid() == 0:
        for path in paths:
            shutil.chown(path, "postgres")
