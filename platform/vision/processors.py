"""How many processors this process may keep busy."""

import math
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

ROOT = Path("/")
V1_FOLDERS = ("cpu", "cpu,cpuacct", "cpuacct,cpu")
"""What the folder of version 1's processor controller is called, from system to system."""


def usable_processors(root: Path = ROOT) -> int:
    """The processors that the process may run on, or fewer where its container's share is less.

    A container's share is the quota of its control group and of every group above it, version 2
    (cpu.max) or 1 (cpu.cfs_quota_us), rounded up to whole processors.

    Args:
        root: the folder that holds proc/ and sys/.

    Returns:
        1 or more.
    """
    if hasattr(os, "sched_getaffinity"):
        allowed = len(os.sched_getaffinity(0))
    else:
        allowed = os.cpu_count() or 1
    return max(1, math.ceil(min(allowed, _least_quota(root))))


def _least_quota(root: Path) -> float:
    """Processors; infinite where nothing sets a limit."""
    quotas = [_quota_v2(folder) for folder in _groups(root, "", ("",))]
    quotas += [_quota_v1(folder) for folder in _groups(root, "cpu", V1_FOLDERS)]
    return min(quotas, default=math.inf)


def _groups(root: Path, controller: str, mounts: tuple[str, ...]) -> Iterator[Path]:
    """The folders of this process's group and of those above it, as far as they can be seen."""
    own = PurePosixPath(_own_group(root, controller))
    for mount in mounts:
        for group in (own, *own.parents):
            yield root / "sys/fs/cgroup" / mount / str(group).lstrip("/")


def _own_group(root: Path, controller: str) -> str:
    """The path of the process's group below the mount; `/` where none is named."""
    try:
        lines = (root / "proc/self/cgroup").read_text().splitlines()
    except OSError:
        return "/"
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controller in controllers.split(","):
            return path
    return "/"


def _quota_v2(folder: Path) -> float:
    quota, _, period = _text(folder / "cpu.max").partition(" ")
    return _share(quota, period)


def _quota_v1(folder: Path) -> float:
    return _share(_text(folder / "cpu.cfs_quota_us"), _text(folder / "cpu.cfs_period_us"))


def _share(quota: str, period: str) -> float:
    # No limit is said as `max`, as -1 and by having no such file.
    if not (quota.isdigit() and period.isdigit()) or int(period) == 0:
        return math.inf
    return int(quota) / int(period)


def _text(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""
