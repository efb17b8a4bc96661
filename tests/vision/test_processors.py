"""The number of processors that a container may use."""

import os
from pathlib import Path

import pytest

from vision.processors import count_usable_processors


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The root folder of a machine with eight processors and no control groups."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: set(range(8)), raising=False)
    return tmp_path


def write_files(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_without_control_groups_all_processors_are_usable(root: Path) -> None:
    assert count_usable_processors(root) == 8


@pytest.mark.parametrize(
    ("quota", "expected"),
    [
        ("max 100000\n", 8),
        ("200000 100000\n", 2),
        ("150000 100000\n", 2),
        ("20000 100000\n", 1),
        ("9000000 100000\n", 8),
        ("nonsense\n", 8),
        ("200000 0\n", 8),
    ],
)
def test_the_quota_of_cgroup_version_2_is_read(root: Path, quota: str, expected: int) -> None:
    write_files(root, {"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": quota})
    assert count_usable_processors(root) == expected


def test_the_smallest_quota_of_a_cgroup_and_its_parents_applies(root: Path) -> None:
    write_files(
        root,
        {
            "proc/self/cgroup": "0::/pod/container\n",
            "sys/fs/cgroup/pod/container/cpu.max": "max 100000\n",
            "sys/fs/cgroup/pod/cpu.max": "300000 100000\n",
        },
    )
    assert count_usable_processors(root) == 3


@pytest.mark.parametrize(("quota", "expected"), [("-1\n", 8), ("400000\n", 4), ("50000\n", 1)])
@pytest.mark.parametrize("mount", ["cpu", "cpu,cpuacct"])
@pytest.mark.parametrize("group", ["", "docker/0123/"])
def test_the_quota_of_cgroup_version_1_is_read(
    root: Path, quota: str, expected: int, mount: str, group: str
) -> None:
    folder = f"sys/fs/cgroup/{mount}/{group}"
    write_files(
        root,
        {
            "proc/self/cgroup": "5:memory:/docker/0123\n4:cpu,cpuacct:/docker/0123\n0::/\n",
            f"{folder}cpu.cfs_quota_us": quota,
            f"{folder}cpu.cfs_period_us": "100000\n",
        },
    )
    assert count_usable_processors(root) == expected


def test_cpu_affinity_limits_the_number(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {3}, raising=False)
    write_files(root, {"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "400000 100000\n"})
    assert count_usable_processors(root) == 1


def test_this_machine_has_usable_processors() -> None:
    assert 1 <= count_usable_processors() <= (os.cpu_count() or 1)
