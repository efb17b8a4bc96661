"""A container of the image, held as tightly as on AWS."""

from types import TracebackType
from typing import Self

from tests.image.building import IMAGE
from tests.image.tools import Failed, Store

TIGHT = (
    "--read-only",
    "--read-only-tmpfs=false",
    "--cap-drop=all",
    *("--security-opt", "no-new-privileges"),
    *("--ulimit", "nofile=1024:4096"),
    *("--ulimit", "nproc=4096:4096"),
    # The servers that stand for AWS listen on this machine alone.
    "--network=host",
    *("--runtime", "runc"),
    # It is asked by hand: there is no systemd that could do so on a schedule.
    "--no-healthcheck",
)
LAST_LINES = 40


def run(store: Store, *command: str, variables: dict[str, str] | None = None) -> tuple[int, str]:
    """One command to its end: its exit status and what it wrote."""
    done = store.podman("run", "--rm", *TIGHT, *_set(variables or {}), IMAGE, *command, check=False)
    return done.returncode, done.stdout


class Container:
    """One role, running.

    Args:
        name: the container's.
        command: the role; nothing for all roles at once.
        memory: MiB that it may have at most, as its task on Fargate.
        variables: of the environment.
    """

    def __init__(
        self, store: Store, name: str, *command: str, memory: int, variables: dict[str, str]
    ) -> None:
        self.name = name
        self._store = store
        self._start = (f"--memory={memory}m", *_set(variables), IMAGE, *command)

    def __enter__(self) -> Self:
        self._store.podman("run", "--detach", "--name", self.name, *TIGHT, *self._start)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            print(f"--- {self.name} said at last:\n{self.said()}", flush=True)
        self._store.podman("rm", "--force", "--volumes", self.name, check=False)

    def said(self) -> str:
        """Its last lines."""
        return self._store.podman("logs", "--tail", str(LAST_LINES), self.name, check=False).stdout

    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self._state("Running") == "true"

    def is_healthy(self) -> bool:
        """What its health check says."""
        check = ("exec", self.name, "python", "-m", "processes.health_check")
        return self._store.podman(*check, check=False).returncode == 0

    def stop(self, seconds: int = 120) -> None:
        """SIGTERM, and SIGKILL after that time. Raises Failed unless it ends well by itself."""
        self._store.podman("stop", "--time", str(seconds), self.name)
        status = self._state("ExitCode")
        if status != "0":
            raise Failed(f"{self.name} ended with {status} after SIGTERM\n{self.said()}")

    def _state(self, field: str) -> str:
        template = f"{{{{.State.{field}}}}}"
        return self._store.podman("inspect", "--format", template, self.name).stdout.strip()


def _set(variables: dict[str, str]) -> tuple[str, ...]:
    return tuple(f"--env={name}={value}" for name, value in variables.items())
