"""`make bench-api`: measures the time and queries of every operation, under gunicorn.

PostgreSQL must be installed. The exit status is 1 if a list exceeds its time limit, or needs more
queries for more rows.
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
from benchmarks.api.figures import Figure, count_rows, find_faults, format_tables
from processes.programs import ROOT, build_environment
from tests.installation import build_mirror_variables
from tests.stand_ins import postgres
from tests.web_server import WebServer

RESULTS = Path(__file__).parents[1] / "API.md"
UNLIMITED = {f"VANISH_CALLS_{kind}": "10000000" for kind in ("READS", "WRITES", "HEAVY")}
SETTINGS = "benchmarks.api.settings"
WARM_UP_CALLS = 5
HEAD = """# Times and queries of API calls

Written by `make bench-api`: gunicorn as the platform starts it, PostgreSQL, files in a folder, one
client with a token and one connection, 1,000 photos and 10,000 edits in one album, and 60 rows in
most other lists. A *bare* view is plain Django REST framework on the same server: a `ListAPIView`
with a `ModelSerializer` and cursors over the same rows, 50 on a page, without limits, entity tags,
filters, links or states. Requests to the list and to its bare view alternate. A list may take 1.5
times as long as its bare view, plus 5 ms.
"""


def main() -> int:
    """Measure, print and write the tables; return 1 if a list breaks a rule, or else 0."""
    with postgres.start_server() as database, tempfile.TemporaryDirectory() as folder:
        variables = {"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": SETTINGS, **UNLIMITED}
        variables["PYTHONPATH"] = os.pathsep.join([build_environment()["PYTHONPATH"], str(ROOT)])
        variables |= build_mirror_variables()
        ids = _create_library(variables | {"VANISH_DATA_DIR": str(Path(folder) / "data")})
        with WebServer(Path(folder), **variables, VANISH_LOG_LEVEL="WARNING") as server:
            figures = _measure(Client(server.connect(), ids["token"]), ids)
    text = "\n\n".join([HEAD.strip(), machine.describe_machine(), *format_tables(figures)])
    RESULTS.write_text(f"{text}\n")
    print(text)
    faults = find_faults(figures)
    print("\n".join(faults))
    return 1 if faults else 0


def _create_library(variables: dict[str, str]) -> Ids:
    process = subprocess.run(
        [sys.executable, "-m", "benchmarks.api.library"],
        env=build_environment() | {"VANISH_LOG_LEVEL": "WARNING"} | variables,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    ids: Ids = json.loads(process.stdout.splitlines()[-1])
    return ids


def _measure(client: Client, ids: Ids) -> list[Figure]:
    """Measure every operation of the schema, and the bare view of each list."""
    paths = client.send("GET", "/api/v1/schema/").read_json()["paths"]
    figures = [
        Figure(operation["operationId"], method.upper(), path, is_list=_is_list(operation))
        for path, methods in paths.items()
        for method, operation in methods.items()
    ]
    if unknown := [each.operation for each in figures if _find_call(each) is None]:
        sys.exit(f"benchmarks/api/calls.py does not say how to call {', '.join(unknown)}")
    return [_measure_operation(client, ids, figure) for figure in figures]


def _find_call(figure: Figure) -> Call | None:
    return CALLS.get(figure.operation, READ if figure.method == "GET" else None)


def _measure_operation(client: Client, ids: Ids, figure: Figure) -> Figure:
    method, path, call = figure.method, figure.path, _find_call(figure) or READ
    for number in range(WARM_UP_CALLS + call.times):
        call_ids = dict(ids)
        if call.before:
            call.before(client, call_ids)
            kept = {name: value for name, value in call_ids.items() if name.startswith("own_")}
            ids.update(kept)
        response = call.send(client, method, path, call_ids)
        bare = client.send("GET", _build_bare_url(figure, ids)) if figure.is_list else None
        for each in (response, bare):
            if each is not None and each.status >= 400:
                sys.exit(f"{method} {path} returned {each.status}: {each.body[:500]!r}")
        if number >= WARM_UP_CALLS:
            figure.add(response, bare)
    if figure.is_list:
        few, many = (
            client.send("GET", path.format(**ids) + f"?limit={limit}") for limit in (25, 50)
        )
        figure.rows = count_rows(many)
        figure.queries_for_25, figure.queries_for_all = few.queries, many.queries
    return figure


def _build_bare_url(figure: Figure, ids: Ids) -> str:
    return "/bare/" + BARE[figure.operation].format(**ids)


def _is_list(operation: dict[str, Any]) -> bool:
    names = {each["name"] for each in operation.get("parameters", [])}
    return "cursor" in names


if __name__ == "__main__":
    sys.exit(main())
