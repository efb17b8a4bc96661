"""How many processors this process may keep busy."""

import math
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

ROOT = Path("/")
V1_FOLDERS = ("cpu", "cpu,cpuacct", "cpuacct,cpu")
"""Names that systems give the folder of the CPU controller of cgroup version 1."""


def count_usable_processors(root: Path = ROOT) -> int:
    """Count the processors that this process may use, by its CPU affinity and its CPU quota.

    The quota is the smallest one of the process's control group and of every group above it,
    version 2 (cpu.max) or 1 (cpu.cfs_quota_us), rounded up to whole processors.

    Args:
        root: the folder that holds proc/ and sys/.

    Returns:
        1 or more.
    """
    if hasattr(os, "sched_getaffinity"):
        allowed = len(os.sched_getaffinity(0))
    else:
        allowed = os.cpu_count() or 1
    return max(1, math.ceil(min([allowed, *_read_quotas(root)])))


def _read_quotas(root: Path) -> Iterator[float]:
    """Yield every quota in processors; infinite where a group sets no limit."""
    for folder in _find_groups(root, "", ("",)):
        quota, _, period = _read_text(folder / "cpu.max").partition(" ")
        yield _divide(quota, period)
    for folder in _find_groups(root, "cpu", V1_FOLDERS):
        quota, period = (_read_text(folder / f"cpu.cfs_{name}_us") for name in ("quota", "period"))
        yield _divide(quota, period)


def _find_groups(root: Path, controller: str, mounts: tuple[str, ...]) -> Iterator[Path]:
    """Yield the folders of this process's group and of all groups above it."""
    own = PurePosixPath(_find_own_group(root, controller))
    for mount in mounts:
        for group in (own, *own.parents):
            yield root / "sys/fs/cgroup" / mount / str(group).lstrip("/")


def _find_own_group(root: Path, controller: str) -> str:
    """Return the path of the process's group below the mount; `/` where none is listed."""
    for line in _read_text(root / "proc/self/cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        if controller in controllers.split(","):
            return path
    return "/"


def _divide(quota: str, period: str) -> float:
    # No limit is written as `max` or -1, or the file is missing.
    if not (quota.isdigit() and period.isdigit()) or int(period) == 0:
        return math.inf
    return int(quota) / int(period)


def _read_text(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""
