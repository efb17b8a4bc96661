"""What a container of Vanish's image does, by one word: `python -m processes.roles web`.

It becomes the role's process, so that the signals of whoever stops the container reach it.
"""

import os
import sys

from config.celery_queues import QUEUES
from config.env import BadSetting
from processes.programs import ROOT, web, worker

MANAGE = str(ROOT / "manage.py")
COMMANDS = {"up": "up", "migrate": "upgrade"}
"""Roles that are a command of manage.py."""


def main(arguments: list[str]) -> None:
    """Become the role: everything at once where none is named. Others are refused by name."""
    try:
        import config.settings  # noqa: F401  a bad setting is reported here, in one line
    except BadSetting as error:
        sys.exit(f"Bad setting {error}")
    workers = {f"worker-{queue}": queue for queue in QUEUES}
    role, *rest = arguments or ["up"]
    if role == "manage":
        _become(MANAGE, *rest)
    elif role in COMMANDS and not rest:
        _become(MANAGE, COMMANDS[role])
    elif (role == "web" or role in workers) and not rest:
        program = web() if role == "web" else worker(workers[role])
        _become("-m", program.module, *program.arguments)
    else:
        known = ", ".join((*COMMANDS, "web", *workers, "manage"))
        sys.exit(f"{' '.join(arguments)!r} is none of the roles: {known}")


def _become(*arguments: str) -> None:
    os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606


if __name__ == "__main__":
    main(sys.argv[1:])
