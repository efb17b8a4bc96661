"""One word says what a container does, and it becomes just that."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from processes import health_check, roles
from processes.programs import ROOT, build_environment
from tests.stand_ins.ports import find_free_port
from tests.web_server import WebServer


@pytest.fixture
def become(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What this process would have become."""
    command: list[str] = []
    monkeypatch.setattr(os, "execv", lambda _program, arguments: command.extend(arguments[1:]))
    return command


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        ([], [roles.MANAGE, "up"]),
        (["up"], [roles.MANAGE, "up"]),
        (["migrate"], [roles.MANAGE, "upgrade"]),
        (
            ["manage", "createsuperuser", "--no-input"],
            [roles.MANAGE, "createsuperuser", "--no-input"],
        ),
    ],
)
def test_roles_that_are_commands(
    become: list[str], arguments: list[str], command: list[str]
) -> None:
    roles.main(arguments)
    assert become == command


def test_web_is_gunicorn_with_our_settings(become: list[str]) -> None:
    roles.main(["web"])

    assert become[:3] == ["-m", "gunicorn", "--config"]
    assert Path(become[3]).name == "gunicorn_config.py"


@pytest.mark.parametrize("queue", ["edits", "detection", "housekeeping"])
def test_a_worker_has_one_queue_and_one_job_at_a_time(become: list[str], queue: str) -> None:
    roles.main([f"worker-{queue}"])

    assert become[:2] == ["-m", "celery"]
    assert become[become.index("--queues") + 1] == queue
    assert become[become.index("--concurrency") + 1] == "1"


@pytest.mark.parametrize("arguments", [["worker"], ["worker-nothing"], ["web", "now"], ["--help"]])
def test_other_words_are_refused_by_name(become: list[str], arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as refusal:
        roles.main(arguments)

    assert become == []
    assert " ".join(arguments) in str(refusal.value)
    assert "worker-housekeeping" in str(refusal.value)


@pytest.mark.parametrize("role", ["web", "worker-edits", "manage"])
def test_a_bad_setting_is_one_line_before_anything_starts(tmp_path: Path, role: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "processes.roles", role],
        env=build_environment() | {"VANISH_DATA_DIR": str(tmp_path), "VANISH_STOP_SECONDS": "500"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode == 1
    assert done.stderr.strip().splitlines() == [
        "Bad setting VANISH_STOP_SECONDS: 500 is not between 1 and 110"
    ]


WEB = b"tini\0--\0python\0-m\0processes.roles\0web\0"


@pytest.mark.parametrize("command", [WEB, WEB.replace(b"web", b"up"), WEB[:-4]])
def test_a_container_with_a_web_server_is_well_while_it_answers(
    command: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health_check, "FIRST_PROCESS", tmp_path / "cmdline")
    health_check.FIRST_PROCESS.write_bytes(command)
    with WebServer(tmp_path) as server:
        monkeypatch.setenv("PORT", str(server.port))
        health_check.main()

    monkeypatch.setenv("PORT", str(find_free_port()))
    with pytest.raises(SystemExit) as unwell:
        health_check.main()
    assert unwell.value.code


@pytest.mark.parametrize("role", [b"worker-edits", b"migrate", b"shell"])
def test_other_containers_are_well_while_they_live(
    role: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health_check, "FIRST_PROCESS", tmp_path / "cmdline")
    health_check.FIRST_PROCESS.write_bytes(WEB.replace(b"web", role))
    monkeypatch.setenv("PORT", "1")

    health_check.main()
