"""The API on a real web server with several processes and a database of its own."""

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
texts = [token_create(user=p, name="x", scopes=["read", "write"], expires_in=None)[1]
         for p in (people.create_alice(), people.create_bob())]
print(json.dumps(texts))
"""


class LiveApi:
    """A client of a running server, with tokens of Alice and Bob."""

    def __init__(self, server: WebServer, alice: str, bob: str) -> None:
        self.server = server
        self.root = f"http://{HOST}:{server.port}/api/v1/"
        self.alice = {"Authorization": f"Token {alice}"}
        self.bob = {"Authorization": f"Token {bob}"}

    def post(self, path: str, headers: dict[str, str], **body: object) -> httpx.Response:
        """Send one POST request on a connection of its own."""
        return httpx.post(self.root + path, headers=headers, timeout=SECONDS, **body)  # type: ignore[arg-type]

    def get(self, path: str, headers: dict[str, str]) -> httpx.Response:
        """Send one GET request on a connection of its own."""
        return httpx.get(self.root + path, headers=headers, timeout=SECONDS)


@contextmanager
def run_live_api(folder: Path, database_url: str, **variables: str) -> Iterator[LiveApi]:
    """Run Gunicorn with its usual processes and threads; an empty URL means SQLite."""
    settings = EMBEDDED | {"DATABASE_URL": database_url} | variables
    data = {"VANISH_DATA_DIR": str(folder / "data"), "DJANGO_SETTINGS_MODULE": "config.settings"}
    paths = os.pathsep.join(str(ROOT / part) for part in ("", "platform", "apps"))
    result = subprocess.run(
        [sys.executable, "-c", PREPARE],
        env=os.environ | settings | data | {"PYTHONPATH": paths, "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    assert result.returncode == 0, result.stderr[-3000:]
    with WebServer(folder, **settings) as server:
        yield LiveApi(server, *json.loads(result.stdout.splitlines()[-1]))


def call_in_parallel[Result](number: int, call: Callable[[int], Result]) -> list[Result]:
    """Call `call` in `number` threads that start together and return the results."""
    barrier = Barrier(number)

    def wait_and_call(index: int) -> Result:
        barrier.wait()
        return call(index)

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(wait_and_call, range(number)))
