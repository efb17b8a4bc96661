"""A temporary PostgreSQL server."""

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2

from tests.stand_ins.ports import find_free_port

PROGRAM_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/bin")
OLDEST_VERSION = 15


@contextmanager
def start_server(*, settings: tuple[str, ...] = (), superuser: str = "vanish") -> Iterator[str]:
    """Start a server with these `name=value` settings and yield the URL of its first database.

    Raises FileNotFoundError if no version is installed that we can run.
    """
    programs = _find_programs()
    if programs is None:
        raise FileNotFoundError(f"PostgreSQL {OLDEST_VERSION} or newer")
    with tempfile.TemporaryDirectory(prefix="vanish-postgres-") as folder:
        cluster = _Cluster(programs, Path(folder), superuser)
        cluster.start(settings)
        try:
            yield cluster.url
        finally:
            cluster.stop()


def create_database(url: str) -> str:
    """Create an empty database on the server of `url` and return its URL."""
    name = f"vanish_{uuid.uuid4().hex[:12]}"
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
    return f"{url.rpartition('/')[0]}/{name}"


class _Cluster:
    """A database cluster in a folder. Root runs it as the user `postgres`: it refuses root."""

    def __init__(self, programs: Path, folder: Path, superuser: str) -> None:
        self._programs = programs
        self._folder = folder
        self._port = find_free_port()
        self._owner = "postgres" if os.geteuid() == 0 else ""
        self._superuser = superuser
        self.url = f"postgres://{superuser}@127.0.0.1:{self._port}/postgres"

    def start(self, settings: tuple[str, ...]) -> None:
        if self._owner:
            shutil.chown(self._folder, self._owner)
        data = str(self._folder / "data")
        self._run("initdb", "-D", data, "-U", self._superuser, "-A", "trust", "-N", "-E", "UTF8")
        base_settings = (
            "listen_addresses=127.0.0.1",
            f"port={self._port}",
            f"unix_socket_directories={self._folder}",
            "fsync=off",
        )
        options = " ".join(f"-c {setting}" for setting in (*base_settings, *settings))
        log = str(self._folder / "log")
        self._run("pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        as_owner = ["runuser", "-u", self._owner, "--"] if self._owner else []
        result = subprocess.run(
            [*as_owner, str(self._programs / program), *arguments],
            cwd=self._folder,
            # No pipe: the server would inherit it and keep it open.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=120,
            check=False,
        )
        if result.returncode:
            raise RuntimeError(f"{program} failed with status {result.returncode}")


def _find_programs() -> Path | None:
    """Return the program folder of the newest usable server, or None."""
    if os.geteuid() == 0 and not (_is_user("postgres") and shutil.which("runuser")):
        return None
    on_path = shutil.which("initdb")
    folders = [Path(on_path).parent] if on_path else []
    for pattern in PROGRAM_FOLDERS:
        folders += Path("/").glob(pattern.lstrip("/"))
    usable = {folder: _read_version(folder) for folder in folders}
    newest = max(usable, key=lambda folder: usable[folder], default=None)
    return newest if newest and usable[newest] >= OLDEST_VERSION else None


def _read_version(folder: Path) -> int:
    """Return the major version of the server in `folder`, 0 if there is none."""
    program = folder / "postgres"
    if not program.is_file() or not (folder / "initdb").is_file():
        return 0
    output = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    return int(output.stdout.split()[2].split(".")[0])


def _is_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
