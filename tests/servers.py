"""Real servers and programs that some tests need."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.installation import Installation, free_port
from tests.needs import missing

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
POSTGRES_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/bin")
OLDEST_POSTGRES = 15


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium or Chrome."""
    paths = [path for name in BROWSERS if (path := shutil.which(name))]
    return paths[0] if paths else missing("Chromium")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server of this test run's own; the URL of an empty database in it."""
    programs = _postgres_programs()
    if programs is None:
        missing(f"PostgreSQL {OLDEST_POSTGRES} or newer")
    with tempfile.TemporaryDirectory(prefix="vanish-postgres-") as folder:
        cluster = _Cluster(programs, Path(folder))
        cluster.start()
        try:
            yield cluster.url
        finally:
            cluster.stop()


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The whole platform as `make run` starts it: web, workers, demo account, examples."""
    with Installation(tmp_path_factory.mktemp("installation")) as running:
        yield running


class _Cluster:
    """One throw-away cluster; as root it belongs to and runs as `postgres`, who may run it."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self._folder = folder
        self._port = free_port()
        self._owner = "postgres" if os.geteuid() == 0 else ""
        self.url = f"postgres://vanish@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        if self._owner:
            shutil.chown(self._folder, self._owner)
        data = str(self._folder / "data")
        self._run("initdb", "-D", data, "-U", "vanish", "-A", "trust", "-N", "-E", "UTF8")
        options = f"-c listen_addresses=127.0.0.1 -p {self._port} -k {self._folder} -c fsync=off"
        log = str(self._folder / "log")
        self._run("pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        as_owner = ["runuser", "-u", self._owner, "--"] if self._owner else []
        done = subprocess.run(
            [*as_owner, str(self._programs / program), *arguments],
            cwd=self._folder,
            # Not a pipe: the server inherits it and would hold it open.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"{program} failed with status {done.returncode}"


def _postgres_programs() -> Path | None:
    """The folder of the newest server that is new enough and that we may run."""
    if os.geteuid() == 0 and not (_is_user("postgres") and shutil.which("runuser")):
        return None
    on_path = shutil.which("initdb")
    folders = [Path(on_path).parent] if on_path else []
    for pattern in POSTGRES_FOLDERS:
        folders += Path("/").glob(pattern.lstrip("/"))
    usable = {folder: _postgres_version(folder) for folder in folders}
    newest = max(usable, key=lambda folder: usable[folder], default=None)
    return newest if newest and usable[newest] >= OLDEST_POSTGRES else None


def _postgres_version(folder: Path) -> int:
    """The major version, 0 where there is no server."""
    program = folder / "postgres"
    if not program.is_file() or not (folder / "initdb").is_file():
        return 0
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    return int(said.stdout.split()[2].split(".")[0])


def _is_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
