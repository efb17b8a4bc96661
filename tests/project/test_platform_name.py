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


def run_python(*command: str, env: dict[str, str] | None = None) -> str:
    """Run Python in the root of the repository; return what it prints."""
    result = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=_choose_environment(env),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def _choose_environment(env: dict[str, str] | None) -> dict[str, str]:
    """Return `env`, or by default the variables without those of this test run."""
    dropped = {"PYTHONPATH", "PYTHONSAFEPATH", "DJANGO_SETTINGS_MODULE"}
    others = {name: value for name, value in os.environ.items() if name not in dropped}
    return env if env is not None else others


def is_standard(path: str) -> bool:
    """Return whether the printed path is the standard library's module."""
    return Path(path.strip().splitlines()[-1]).resolve() == STANDARD.resolve()


def test_a_new_interpreter_imports_the_standard_library() -> None:
    assert is_standard(run_python("-c", PROBE))


def test_manage_py_imports_the_standard_library(tmp_path: Path) -> None:
    env = _choose_environment(None) | {"VANISH_DATA_DIR": str(tmp_path)}
    assert is_standard(run_python("manage.py", "shell", "--verbosity", "0", "-c", PROBE, env=env))


def test_pytest_imports_the_standard_library(tmp_path: Path) -> None:
    test = tmp_path / "test_probe.py"
    test.write_text("def test_probe():\n    import platform\n    print(platform.__file__)\n")
    env = _choose_environment(None) | {"VANISH_DATA_DIR": str(tmp_path / "data")}
    command = ("-m", "pytest", "-q", "-s", "-p", "no:randomly", "-p", "no:xdist")
    output = run_python(
        *command, "--rootdir", str(ROOT), "-c", "pyproject.toml", str(test), env=env
    )
    assert str(STANDARD) in output


def test_gunicorn_imports_the_standard_library(tmp_path: Path) -> None:
    env = build_environment() | {"VANISH_DATA_DIR": str(tmp_path)}
    probe = tmp_path / "probe.py"
    probe.write_text(f"{PROBE}\nfrom processes.gunicorn_config import *\n")
    command = ("-m", "gunicorn", "--check-config", "--config", str(probe))
    assert is_standard(run_python(*command, "config.wsgi:application", env=env))


def test_celery_imports_the_standard_library(tmp_path: Path) -> None:
    env = build_environment() | {"VANISH_DATA_DIR": str(tmp_path)}
    command = ("-m", "celery", "-A", "config.celery", "shell", "--python")
    result = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=env,
        input=f"{PROBE}\n",
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert str(STANDARD) in result.stdout, result.stderr
