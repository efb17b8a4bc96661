"""The API as a real web server of several processes serves it, on a database of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier

import httpx

from tests.installation import EMBEDDED, ROOT
from tests.web_server import HOST, WebServer

SECONDS = 120
PREPARE = """
import django, json
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from accounts.services import token_create
from tests import people
made = [token_create(user=p, name="x", scopes=["read", "write"], expires_in=None)[1]
        for p in (people.create_alice(), people.create_bob())]
print(json.dumps(made))
"""


class LiveApi:
    """Calls of a running server, with tokens of Alice and Bob."""

    def __init__(self, server: WebServer, alice: str, bob: str) -> None:
        self.server = server
        self.root = f"http://{HOST}:{server.port}/api/v1/"
        self.alice = {"Authorization": f"Token {alice}"}
        self.bob = {"Authorization": f"Token {bob}"}

    def post(self, path: str, headers: dict[str, str], **body: object) -> httpx.Response:
        """One call on a connection of its own."""
        return httpx.post(self.root + path, headers=headers, timeout=SECONDS, **body)  # type: ignore[arg-type]

    def get(self, path: str, headers: dict[str, str]) -> httpx.Response:
        """One call on a connection of its own."""
        return httpx.get(self.root + path, headers=headers, timeout=SECONDS)


@contextmanager
def live_api(folder: Path, database_url: str, **variables: str) -> Iterator[LiveApi]:
    """Gunicorn with its usual processes and threads; an empty URL means SQLite."""
    ours = EMBEDDED | {"DATABASE_URL": database_url} | variables
    data = {"VANISH_DATA_DIR": str(folder / "data"), "DJANGO_SETTINGS_MODULE": "config.settings"}
    paths = os.pathsep.join(str(ROOT / part) for part in ("", "platform", "apps"))
    done = subprocess.run(
        [sys.executable, "-c", PREPARE],
        env=os.environ | ours | data | {"PYTHONPATH": paths, "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    with WebServer(folder, **ours) as server:
        yield LiveApi(server, *json.loads(done.stdout.splitlines()[-1]))


def at_once[Told](number: int, call: Callable[[int], Told]) -> list[Told]:
    """`call` in so many threads that all start together."""
    start = Barrier(number)

    def begin(index: int) -> Told:
        start.wait()
        return call(index)

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(begin, range(number)))
