"""The entry point of a container: the role in one word, like `python -m processes.roles web`.

This process is replaced by the role's process, so that signals to the container reach it.
"""

import os
import sys

from config.celery_queues import QUEUES
from config.env import BadSetting
from processes.programs import ROOT, web, worker

MANAGE = str(ROOT / "manage.py")
COMMANDS = {"up": "up", "migrate": "upgrade"}
"""The roles that are commands of manage.py."""


def main(arguments: list[str]) -> None:
    """Run the role; without a role, run everything. Exit with an error for an unknown role."""
    try:
        import config.settings  # noqa: F401  a bad setting is reported here, in one line
    except BadSetting as error:
        sys.exit(f"Bad setting {error}")
    workers = {f"worker-{queue}": queue for queue in QUEUES}
    role, *rest = arguments or ["up"]
    if role == "manage":
        _replace_process(MANAGE, *rest)
    elif role in COMMANDS and not rest:
        _replace_process(MANAGE, COMMANDS[role])
    elif (role == "web" or role in workers) and not rest:
        program = web() if role == "web" else worker(workers[role])
        _replace_process("-m", program.module, *program.arguments)
    else:
        known = ", ".join((*COMMANDS, "web", *workers, "manage"))
        sys.exit(f"{' '.join(arguments)!r} is not one of the roles: {known}")


def _replace_process(*arguments: str) -> None:
    os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606


if __name__ == "__main__":
    main(sys.argv[1:])
