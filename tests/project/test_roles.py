"""The role of a container and its health check."""

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
def executed_command(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The command that this process would have executed."""
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
def test_a_role_executes_its_management_command(
    executed_command: list[str], arguments: list[str], command: list[str]
) -> None:
    roles.main(arguments)
    assert executed_command == command


def test_web_executes_gunicorn_with_the_configuration(executed_command: list[str]) -> None:
    roles.main(["web"])

    assert executed_command[:3] == ["-m", "gunicorn", "--config"]
    assert Path(executed_command[3]).name == "gunicorn_config.py"


@pytest.mark.parametrize("queue", ["edits", "detection", "housekeeping"])
def test_a_worker_has_one_queue_and_a_concurrency_of_one(
    executed_command: list[str], queue: str
) -> None:
    roles.main([f"worker-{queue}"])

    assert executed_command[:2] == ["-m", "celery"]
    assert executed_command[executed_command.index("--queues") + 1] == queue
    assert executed_command[executed_command.index("--concurrency") + 1] == "1"


@pytest.mark.parametrize("arguments", [["worker"], ["worker-nothing"], ["web", "now"], ["--help"]])
def test_unknown_roles_are_refused_by_name(
    executed_command: list[str], arguments: list[str]
) -> None:
    with pytest.raises(SystemExit) as refusal:
        roles.main(arguments)

    assert executed_command == []
    assert " ".join(arguments) in str(refusal.value)
    assert "worker-housekeeping" in str(refusal.value)


@pytest.mark.parametrize("role", ["web", "worker-edits", "manage"])
def test_a_bad_setting_stops_the_start_with_one_line(tmp_path: Path, role: str) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "processes.roles", role],
        env=build_environment() | {"VANISH_DATA_DIR": str(tmp_path), "VANISH_STOP_SECONDS": "500"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert result.returncode == 1
    assert result.stderr.strip().splitlines() == [
        "Bad setting VANISH_STOP_SECONDS: 500 is not between 1 and 110"
    ]


WEB_COMMAND = b"tini\0--\0python\0-m\0processes.roles\0web\0"


@pytest.mark.parametrize(
    "command", [WEB_COMMAND, WEB_COMMAND.replace(b"web", b"up"), WEB_COMMAND[:-4]]
)
def test_a_container_with_a_web_server_is_healthy_while_it_responds(
    command: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health_check, "FIRST_PROCESS", tmp_path / "cmdline")
    health_check.FIRST_PROCESS.write_bytes(command)
    with WebServer(tmp_path) as server:
        monkeypatch.setenv("PORT", str(server.port))
        health_check.main()

    monkeypatch.setenv("PORT", str(find_free_port()))
    with pytest.raises(SystemExit) as exit_info:
        health_check.main()
    assert exit_info.value.code


@pytest.mark.parametrize("role", [b"worker-edits", b"migrate", b"shell"])
def test_other_containers_are_always_healthy(
    role: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health_check, "FIRST_PROCESS", tmp_path / "cmdline")
    health_check.FIRST_PROCESS.write_bytes(WEB_COMMAND.replace(b"web", role))
    monkeypatch.setenv("PORT", "1")

    health_check.main()
