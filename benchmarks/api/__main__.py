"""`make bench-api`: every operation's time and queries, under gunicorn with PostgreSQL.

Needs PostgreSQL; exits with 1 where a list takes longer than is allowed, or more queries for
more rows.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import machine
from benchmarks.api.calls import BARE, CALLS, READ, Call, Ids
from benchmarks.api.client import Client
from benchmarks.api.figures import Figure, faults, rows_of, tables
from processes.programs import ROOT, build_environment
from tests.installation import build_mirror_variables
from tests.stand_ins import postgres
from tests.web_server import WebServer

RESULTS = Path(__file__).parents[1] / "API.md"
UNLIMITED = {f"VANISH_CALLS_{kind}": "10000000" for kind in ("READS", "WRITES", "HEAVY")}
SETTINGS = "benchmarks.api.settings"
WARM = 5
HEAD = """# What calls of the API cost

Written by `make bench-api`: gunicorn as the platform starts it, PostgreSQL, files in a folder, one
caller with a token and one connection, 1,000 photos and 10,000 edits in one album, and 60 rows in
most other lists. A *bare* view is plain Django REST framework
on the same server, asked in turn with ours: a `ListAPIView` with a `ModelSerializer` and cursors
over the same rows, 50 a page, without limits, tags, filters, links or states. A list may take 1.5
times its bare view's time and 5 ms.
"""


def main() -> int:
    """Measure, print and write the tables; 1 where something is not as it must be."""
    with postgres.start_server() as database, tempfile.TemporaryDirectory() as folder:
        variables = {"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": SETTINGS, **UNLIMITED}
        variables["PYTHONPATH"] = os.pathsep.join([build_environment()["PYTHONPATH"], str(ROOT)])
        variables |= build_mirror_variables()
        ids = _library(variables | {"VANISH_DATA_DIR": str(Path(folder) / "data")})
        with WebServer(Path(folder), **variables, VANISH_LOG_LEVEL="WARNING") as server:
            figures = _measure(Client(server.connect(), ids["token"]), ids)
    text = "\n\n".join([HEAD.strip(), machine.description(), *tables(figures)])
    RESULTS.write_text(f"{text}\n")
    print(text)
    found = faults(figures)
    print("\n".join(found))
    return 1 if found else 0


def _library(variables: dict[str, str]) -> Ids:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.api.library"],
        env=build_environment() | {"VANISH_LOG_LEVEL": "WARNING"} | variables,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    ids: Ids = json.loads(done.stdout.splitlines()[-1])
    return ids


def _measure(client: Client, ids: Ids) -> list[Figure]:
    """Every operation of the schema; lists beside their bare views."""
    paths = client.send("GET", "/api/v1/schema/").json()["paths"]
    figures = [
        Figure(operation["operationId"], method.upper(), path, is_list=_is_list(operation))
        for path, methods in paths.items()
        for method, operation in methods.items()
    ]
    if unknown := [each.operation for each in figures if _call(each) is None]:
        sys.exit(f"benchmarks/api/calls.py does not say how to call {', '.join(unknown)}")
    return [_measured(client, ids, figure) for figure in figures]


def _call(figure: Figure) -> Call | None:
    return CALLS.get(figure.operation, READ if figure.method == "GET" else None)


def _measured(client: Client, ids: Ids, figure: Figure) -> Figure:
    method, path, call = figure.method, figure.path, _call(figure) or READ
    for turn in range(WARM + call.times):
        own = dict(ids)
        if call.before:
            call.before(client, own)
            ids.update({name: value for name, value in own.items() if name.startswith("own_")})
        answer = call.send(client, method, path, own)
        bare = client.send("GET", _bare(figure, ids)) if figure.is_list else None
        for each in (answer, bare):
            if each is not None and each.status >= 400:
                sys.exit(f"{method} {path} answered {each.status}: {each.body[:500]!r}")
        if turn >= WARM:
            figure.add(answer, bare)
    if figure.is_list:
        few, many = (
            client.send("GET", path.format(**ids) + f"?limit={limit}") for limit in (25, 50)
        )
        figure.rows, figure.few, figure.many = rows_of(many), few.queries, many.queries
    return figure


def _bare(figure: Figure, ids: Ids) -> str:
    return "/bare/" + BARE[figure.operation].format(**ids)


def _is_list(operation: dict[str, Any]) -> bool:
    names = {each["name"] for each in operation.get("parameters", [])}
    return "cursor" in names


if __name__ == "__main__":
    sys.exit(main())
