"""`import platform` is the standard library's wherever our code runs, although we have a folder
of that name in the working folder."""

import os
import subprocess
import sys
from pathlib import Path

from processes.programs import build_environment

ROOT = Path(__file__).resolve().parents[2]
PROBE = "import platform, sys; platform.python_version(); sys.stdout.write(platform.__file__)"
STANDARD = Path(os.__file__).with_name("platform.py")


def said_by(*command: str, env: dict[str, str] | None = None) -> str:
    """What a fresh process in the repository's root prints."""
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=_clean(env),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _clean(env: dict[str, str] | None) -> dict[str, str]:
    """Nothing of this test run leads the fresh process."""
    taken_out = {"PYTHONPATH", "PYTHONSAFEPATH", "DJANGO_SETTINGS_MODULE"}
    kept = {name: value for name, value in os.environ.items() if name not in taken_out}
    return env if env is not None else kept


def is_standard(path: str) -> bool:
    """Whether the printed path is the standard library's module."""
    return Path(path.strip().splitlines()[-1]).resolve() == STANDARD.resolve()


def test_a_fresh_interpreter_in_the_repositorys_root() -> None:
    assert is_standard(said_by("-c", PROBE))


def test_manage_py(tmp_path: Path) -> None:
    env = _clean(None) | {"VANISH_DATA_DIR": str(tmp_path)}
    assert is_standard(said_by("manage.py", "shell", "--verbosity", "0", "-c", PROBE, env=env))


def test_pytest(tmp_path: Path) -> None:
    test = tmp_path / "test_probe.py"
    test.write_text("def test_probe():\n    import platform\n    print(platform.__file__)\n")
    env = _clean(None) | {"VANISH_DATA_DIR": str(tmp_path / "data")}
    command = ("-m", "pytest", "-q", "-s", "-p", "no:randomly", "-p", "no:xdist")
    said = said_by(*command, "--rootdir", str(ROOT), "-c", "pyproject.toml", str(test), env=env)
    assert str(STANDARD) in said


def test_gunicorn(tmp_path: Path) -> None:
    env = build_environment() | {"VANISH_DATA_DIR": str(tmp_path)}
    probe = tmp_path / "probe.py"
    probe.write_text(f"{PROBE}\nfrom processes.gunicorn_config import *\n")
    command = ("-m", "gunicorn", "--check-config", "--config", str(probe))
    assert is_standard(said_by(*command, "config.wsgi:application", env=env))


def test_celery(tmp_path: Path) -> None:
    env = build_environment() | {"VANISH_DATA_DIR": str(tmp_path)}
    command = ("-m", "celery", "-A", "config.celery", "shell", "--python")
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=env,
        input=f"{PROBE}\n",
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert str(STANDARD) in done.stdout, done.stderr
