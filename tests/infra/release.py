"""A checkout to release, with fakes for programs that reach other machines."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
REGION = "us-east-1"
ACCOUNT = "123456789012"
SITE = "https://d111.cloudfront.net"
TOOL = '''#!{python}
"""Record each call; a push adds an image to the registry that AWS_ENDPOINT_URL names."""
import json, os, pathlib, sys

words = [pathlib.Path(sys.argv[0]).name, *sys.argv[1:]]
hidden = sys.stdin.read() if "--password-stdin" in words else None
with pathlib.Path({notes!r}).open("a") as notes:
    notes.write(json.dumps([words, hidden]) + "\\n")
if words[1] == "build" and "BUILDX_NO_DEFAULT_ATTESTATIONS" not in os.environ:
    sys.exit("Docker would push more than the image.")
if {fails!r} in words:
    sys.exit("It went wrong.")
if words[1] == "push":
    import boto3

    name, _, tag = words[-1].rpartition("/")[2].partition(":")
    manifest = {{"mediaType": "application/vnd.docker.distribution.manifest.v2+json", "of": tag}}
    image = {{"imageTag": tag, "imageManifest": json.dumps(manifest)}}
    boto3.client("ecr").put_image(repositoryName=name, **image)
'''
NODE = """\
const line = JSON.stringify([['cdk', ...process.argv.slice(2)], null]);
require('fs').appendFileSync({notes}, line + '\\n');
process.exit(process.argv.includes({fails}) ? 1 : 0);
"""
REAL = """\
if (process.argv[2] === 'deploy') process.argv.push('--method', 'direct');
require({cdk});
"""
"""The real command line, without a change set, for which moto creates no exports."""
NPM = "#!{python}\nimport pathlib\npathlib.Path('node_modules/.bin/cdk').hardlink_to('../cdk.js')\n"


class Release:
    """infra/ in its own Git repository, with a `.venv` and a PATH that only has Git."""

    def __init__(self, folder: Path, moto: str) -> None:
        self.checkout = folder / "checkout"
        self.programs = folder / "bin"
        self._notes = folder / "notes"
        self.environment = {
            "HOME": str(folder),
            "PATH": str(self.programs),
            "AWS_ACCESS_KEY_ID": "known",
            "AWS_SECRET_ACCESS_KEY": "to-moto",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ENDPOINT_URL": moto,
        }
        self.programs.mkdir()
        git = shutil.which("git")
        assert git
        (self.programs / "git").symlink_to(git)
        ignored = shutil.ignore_patterns("node_modules", "cdk.out", "__pycache__", "mirror")
        shutil.copytree(ROOT / "infra", self.checkout / "infra", ignore=ignored)
        shutil.copy(ROOT / ".gitignore", self.checkout)
        self._make_python()
        self.add_cdk()
        self.commit = self._create_repository()

    def _make_python(self) -> None:
        """Link this run's packages, and add an npm that installs a fake of CDK's command line."""
        ours, theirs = self.checkout / ".venv", Path(sys.prefix)
        (ours / "bin").mkdir(parents=True)
        for name in ("bin/python", "bin/node", "lib", "pyvenv.cfg"):
            (ours / name).symlink_to(theirs / name)
        self._write(ours / "bin/npm", NPM.format(python=sys.executable))

    def _create_repository(self) -> str:
        self._run_git("init", "--quiet")
        self.commit_changes()
        return self._run_git("rev-parse", "HEAD").strip()

    def commit_changes(self) -> None:
        """Commit all changes."""
        self._run_git("add", ".")
        author = ("-c", "user.name=Somebody", "-c", "user.email=somebody@vanish.example")
        self._run_git(*author, "commit", "--quiet", "--message", "All of it")

    def _run_git(self, *words: str) -> str:
        return subprocess.run(
            [str(self.programs / "git"), *words],
            cwd=self.checkout,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def add_cdk(self, fails: str = "nothing") -> None:
        """Add a fake of CDK's command line, which records its arguments and may fail at one."""
        self._add_cdk(NODE.format(notes=json.dumps(str(self._notes)), fails=json.dumps(fails)))

    def add_real_cdk(self, command_line: Path) -> None:
        """Add the real command line, and the shell that it runs `python -m infra.app` with."""
        self._add_cdk(REAL.format(cdk=json.dumps(str(command_line.resolve()))))
        (self.programs / "sh").symlink_to("/bin/sh")

    def _add_cdk(self, script: str) -> None:
        where = self.checkout / "infra/node_modules/.bin/cdk"
        where.parent.mkdir(parents=True, exist_ok=True)
        where.write_text(script)

    def add_tool(self, name: str, fails: str = "nothing") -> None:
        """Add a fake container tool, which records its arguments and may fail at one."""
        script = TOOL.format(python=sys.executable, notes=str(self._notes), fails=fails)
        self._write(self.programs / name, script)

    def _write(self, program: Path, script: str) -> None:
        program.write_text(script)
        program.chmod(0o755)

    def deploy(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run `python -m infra.deploy` with these arguments."""
        return subprocess.run(
            [str(self.checkout / ".venv/bin/python"), "-m", "infra.deploy", *arguments],
            cwd=self.checkout,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def list_calls(self) -> list[list[str]]:
        """Return all calls of CDK and the container tool, in order."""
        return [words for words, _ in self._read_notes()]

    def list_hidden_inputs(self) -> list[str]:
        """Return what these programs read from standard input."""
        return [text for _, text in self._read_notes() if text is not None]

    def _read_notes(self) -> list[Any]:
        lines = self._notes.read_text().splitlines() if self._notes.exists() else []
        return [json.loads(line) for line in lines]
