"""The supervisor starts, restarts and stops processes; here they are small stand-ins."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from processes import child, programs, supervisor
from processes.programs import Program
from processes.supervisor import Supervisor
from tests.needs import skip_without
from tests.waiting import is_running, wait_until

ROOT = Path(__file__).resolve().parents[2]

STEADY = "import pathlib, sys, time; pathlib.Path(sys.argv[1]).touch(); time.sleep(600)"
ENDING = "raise SystemExit(3)"
IMPATIENT = """
import os, pathlib, signal, sys
signal.signal(signal.SIGTERM, lambda *_: os.kill({pid}, signal.SIGINT))
pathlib.Path(sys.argv[1]).touch()
while True:
    signal.pause()
"""
STUBBORN = """
import pathlib, signal, subprocess, sys, time
for number in (signal.SIGTERM, signal.SIGQUIT):
    signal.signal(number, signal.SIG_IGN)
own = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
pathlib.Path(sys.argv[1]).write_text(str(own.pid))
time.sleep(600)
"""


class Stage:
    """A folder of small programs, and the lines that the supervisor printed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lines: list[str] = []

    def write_program(self, name: str, code: str) -> Program:
        """Write a program that runs `code` with the path of its marker file as argument."""
        (self.folder / f"program_{name}.py").write_text(code)
        return Program(name, f"program_{name}", (str(self.get_marker(name)),))

    def get_marker(self, name: str) -> Path:
        """Return the file that the program creates when it runs."""
        return self.folder / f"{name}.mark"

    def run(
        self,
        *programs_to_run: Program,
        on_up: Callable[[], None],
        is_up: bool = True,
        grace_seconds: float = 0.5,
    ) -> int:
        """Run the supervisor; it is up once all programs have created their marker files."""
        markers = [self.get_marker(program.name) for program in programs_to_run]
        return Supervisor(
            programs_to_run,
            is_up=lambda: is_up and all(marker.exists() and marker.stat() for marker in markers),
            on_up=on_up,
            say=self.lines.append,
            grace_seconds=grace_seconds,
        ).run()


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """A stage whose programs find their modules, with short pauses in the supervisor."""
    environment = programs.build_environment() | {"PYTHONPATH": str(tmp_path)}
    monkeypatch.setattr(child, "build_environment", lambda: environment)
    monkeypatch.setattr(child, "LONGEST_PAUSE", 0.0)
    monkeypatch.setattr(supervisor, "COLD_SECONDS", 0.5)
    return Stage(tmp_path)


def send_signal(number: signal.Signals) -> None:
    """Send a signal to this process, as a terminal or a service manager would."""
    os.kill(os.getpid(), number)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_it_with_status_0(stage: Stage, number: signal.Signals) -> None:
    handler = signal.getsignal(number)
    programs_to_run = [stage.write_program("web", STEADY), stage.write_program("edits", STEADY)]

    assert stage.run(*programs_to_run, on_up=lambda: send_signal(number)) == 0
    assert signal.getsignal(number) == handler


def test_a_web_server_that_cannot_start_stops_everything(stage: Stage) -> None:
    web = stage.write_program("web", "print('no module named x'); raise SystemExit(1)")
    status = stage.run(web, stage.write_program("edits", STEADY), on_up=lambda: None, is_up=False)

    assert status == 1
    assert "web | no module named x" in stage.lines
    assert any("could not start" in line for line in stage.lines)


def test_a_web_server_that_never_responds_stops_everything(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "START_SECONDS", 0.1)
    status = stage.run(stage.write_program("web", STEADY), on_up=lambda: None, is_up=False)

    assert status == 1
    assert any("does not respond" in line for line in stage.lines)


def test_a_worker_that_ends_is_restarted_a_limited_number_of_times(stage: Stage) -> None:
    web, edits = stage.write_program("web", STEADY), stage.write_program("edits", ENDING)
    stage.get_marker("edits").touch()
    status = stage.run(web, edits, on_up=lambda: None)

    assert status == 1
    restarts = [line for line in stage.lines if "exit status 3" in line]
    assert len(restarts) == supervisor.MOST_FAILURES + 1
    assert any("edits keeps ending" in line for line in stage.lines)


def test_a_program_that_does_not_stop_is_killed_with_its_children(stage: Stage) -> None:
    stubborn = stage.write_program("edits", STUBBORN)
    status = stage.run(
        stage.write_program("web", STEADY), stubborn, on_up=lambda: send_signal(signal.SIGTERM)
    )

    grandchild = int(stage.get_marker("edits").read_text())
    assert status == 0
    wait_until(lambda: not is_running(grandchild), "the child of the stubborn program is gone")


def test_a_second_signal_stops_it_immediately(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "COLD_SECONDS", 3600.0)

    # On SIGTERM the web program sends a second signal to the supervisor.
    impatient = IMPATIENT.format(pid=os.getpid())
    programs_to_run = [
        stage.write_program("web", impatient),
        stage.write_program("edits", STUBBORN),
    ]

    assert (
        stage.run(*programs_to_run, on_up=lambda: send_signal(signal.SIGINT), grace_seconds=3600.0)
        == 0
    )


def test_children_end_with_a_supervisor_that_was_killed(stage: Stage) -> None:
    if not sys.platform.startswith("linux"):
        skip_without("Linux")
    program = stage.write_program("web", STEADY)
    starter = (
        "import os, subprocess, sys, time\n"
        "command = sys.argv[1:]\n"
        "command[2] = str(os.getpid())\n"
        "child = subprocess.Popen(command, start_new_session=True)\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    env = programs.build_environment() | {"PYTHONPATH": str(stage.folder)}
    with subprocess.Popen(
        [sys.executable, "-c", starter, *program.build_command()],
        env=env,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        wait_until(stage.get_marker("web").exists, "the child runs")
        parent.kill()
    wait_until(lambda: not is_running(pid), "the child ends with its parent")


def test_a_requested_restart_is_no_failure(stage: Stage) -> None:
    web = stage.write_program("web", STEADY)
    count = stage.folder / "count"
    restarting = stage.write_program(
        "edits",
        "import os, pathlib, sys\n"
        f"count = pathlib.Path({str(count)!r})\n"
        "count.write_text(count.read_text() + 'x' if count.exists() else 'x')\n"
        f"if len(count.read_text()) > {2 * supervisor.MOST_FAILURES}:\n"
        "    pathlib.Path(sys.argv[1]).touch()\n"
        "    os.kill(os.getppid(), 15)\n"
        f"sys.exit({programs.RESTART_STATUS})\n",
    )
    stage.get_marker("edits").touch()

    assert stage.run(web, restarting, on_up=lambda: None) == 0
    assert len(count.read_text()) > 2 * supervisor.MOST_FAILURES
    assert not any("starts again" in line for line in stage.lines)
