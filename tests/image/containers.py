"""Containers of the image, with the same restrictions as on AWS."""

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
    # The fakes of AWS listen on this machine only.
    "--network=host",
    *("--runtime", "runc"),
    # The tests run the health check themselves: there is no systemd to schedule it.
    "--no-healthcheck",
)
LAST_LINES = 40


def run_in_container(
    store: Store, *command: str, variables: dict[str, str] | None = None
) -> tuple[int, str]:
    """Run a command in a new container. Return its exit status and output."""
    result = store.run_podman(
        "run", "--rm", *TIGHT, *_format_variables(variables or {}), IMAGE, *command, check=False
    )
    return result.returncode, result.stdout


class Container:
    """A running container of one role.

    Args:
        name: of the container.
        command: the role; nothing for all roles at once.
        memory: the limit in MiB, as for its task on Fargate.
        variables: of the environment.
    """

    def __init__(
        self, store: Store, name: str, *command: str, memory: int, variables: dict[str, str]
    ) -> None:
        self.name = name
        self._store = store
        self._start = (f"--memory={memory}m", *_format_variables(variables), IMAGE, *command)

    def __enter__(self) -> Self:
        self._store.run_podman("run", "--detach", "--name", self.name, *TIGHT, *self._start)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            print(f"--- {self.name} wrote last:\n{self.read_log()}", flush=True)
        self._store.run_podman("rm", "--force", "--volumes", self.name, check=False)

    def read_log(self) -> str:
        """Return the last lines of its log."""
        return self._store.run_podman(
            "logs", "--tail", str(LAST_LINES), self.name, check=False
        ).stdout

    def is_running(self) -> bool:
        """Return whether it has not ended."""
        return self._read_state("Running") == "true"

    def is_healthy(self) -> bool:
        """Return the result of its health check."""
        check = ("exec", self.name, "python", "-m", "processes.health_check")
        return self._store.run_podman(*check, check=False).returncode == 0

    def stop(self, seconds: int = 120) -> None:
        """Send SIGTERM, and SIGKILL after that time. Raises Failed unless it exits with 0."""
        self._store.run_podman("stop", "--time", str(seconds), self.name)
        status = self._read_state("ExitCode")
        if status != "0":
            raise Failed(f"{self.name} ended with {status} after SIGTERM\n{self.read_log()}")

    def _read_state(self, field: str) -> str:
        template = f"{{{{.State.{field}}}}}"
        return self._store.run_podman("inspect", "--format", template, self.name).stdout.strip()


def _format_variables(variables: dict[str, str]) -> tuple[str, ...]:
    return tuple(f"--env={name}={value}" for name, value in variables.items())
