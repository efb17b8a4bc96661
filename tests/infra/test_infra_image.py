"""The Dockerfile and its context; `infra/verify-image` builds and runs the image."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from config.celery_queues import QUEUES
from infra import config as infra_config
from tests.infra.assembly import Assembly
from tests.needs import skip_without

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def test_hadolint_is_clean() -> None:
    hadolint = shutil.which("hadolint", path=str(Path(sys.executable).parent))
    if hadolint is None:
        skip_without("hadolint (for x86-64 Linux alone)")
    result = subprocess.run(
        [hadolint, "--no-color", "Dockerfile"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stdout) == (0, "")


def test_every_exception_of_hadolint_has_a_reason() -> None:
    lines = DOCKERFILE.splitlines()
    ignored = [number for number, line in enumerate(lines) if "hadolint ignore" in line]
    assert ignored
    for number in ignored:
        assert lines[number - 1].startswith("# "), lines[number]


def test_the_tasks_find_files_where_the_image_has_them(assembly: Assembly) -> None:
    for command in ("web", "worker-edits", "migrate"):
        authority = assembly.read_variable(command, "VANISH_DATABASE_CA")
        assert f"COPY --from=weights {authority} {authority}\n" in DOCKERFILE


def test_the_tasks_check_their_health_as_the_image_does(assembly: Assembly) -> None:
    check = assembly.find_container("web")["HealthCheck"]["Command"]
    assert f"CMD {json.dumps(check[1:])}" in DOCKERFILE


def test_there_is_a_worker_for_each_of_the_platforms_queues() -> None:
    assert infra_config.QUEUES == QUEUES


def test_the_context_is_only_what_is_copied() -> None:
    allowed = (ROOT / ".dockerignore").read_text().splitlines()
    assert allowed[1] == "*"
    wanted = {line[1:] for line in allowed if line.startswith("!")}
    sources = {
        word
        for line in DOCKERFILE.splitlines()
        if line.startswith("COPY ") and "--from=" not in line
        for word in line.split()[1:-1]
    }
    assert sources
    for source in sources:
        assert any(
            source == each or source.startswith(f"{each.removesuffix('/*.txt')}/")
            for each in wanted
        ), source
