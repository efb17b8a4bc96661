"""What a container of Vanish's image does, by one word: `python -m config.roles web`.

It becomes the role's process, so that the signals of whoever stops the container reach it.
"""

import os
import sys

from config.celery import QUEUES
from config.programs import ROOT, web, worker

MANAGE = str(ROOT / "manage.py")
WORKERS = {f"worker-{queue}": queue for queue in QUEUES}
COMMANDS = {"up": ("up",), "migrate": ("upgrade",)}
"""Roles that are a command of manage.py."""
ROLES = (*COMMANDS, "web", *WORKERS, "manage")


def main(arguments: list[str]) -> None:
    """Become the role: everything at once where none is named. Others are refused by name."""
    role, *rest = arguments or ["up"]
    if role == "manage":
        _become(MANAGE, *rest)
    if role not in ROLES or rest:
        sys.exit(f"{' '.join(arguments)!r} is none of the roles: {', '.join(ROLES)}")
    if role in COMMANDS:
        _become(MANAGE, *COMMANDS[role])
    program = web() if role == "web" else worker(WORKERS[role])
    _become("-m", program.module, *program.arguments)


def _become(*arguments: str) -> None:
    os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606


if __name__ == "__main__":
    main(sys.argv[1:])
