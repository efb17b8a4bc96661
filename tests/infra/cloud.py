"""CDK's command line, which deploys and destroys an environment in moto."""

import fcntl
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from tests.needs import skip_without
from tests.stand_ins.ports import find_free_port, is_listening, wait_for

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = Path(sys.executable).parent
NODE, NPM = PROGRAMS / "node", PROGRAMS / "npm"
CDK = ROOT / "infra/node_modules/.bin/cdk"
LOCK = PROGRAMS / "npm-ci.lock"
REGION, ACCOUNT = "us-east-1", "123456789012"
SERVE = "from tests.infra.moto_for_stacks import serve; serve()"
UNKNOWN = re.compile(r"No Moto CloudFormation support for (\S+)")


@dataclass(frozen=True)
class Cloud:
    """A running moto and its log file."""

    address: str
    log: Path

    def create_client(self, service: str) -> Any:
        create: Any = boto3.client
        return create(
            service,
            endpoint_url=self.address,
            region_name=REGION,
            aws_access_key_id="known",
            aws_secret_access_key="to-moto",
        )

    def list_unknown_kinds(self) -> list[str]:
        """Return the types of resources that moto does not support."""
        return sorted(set(UNKNOWN.findall(self.log.read_text())))


@contextmanager
def run_cloud(folder: Path) -> Iterator[Cloud]:
    """Run moto in a child process."""
    port, log = find_free_port(), folder / "moto.log"
    with log.open("wb") as lines:
        server = subprocess.Popen(
            [sys.executable, "-c", SERVE, "-H", "127.0.0.1", "-p", str(port)],
            cwd=ROOT,
            stdout=lines,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_for(lambda: is_listening(port) or server.poll() is not None, "moto answers")
        assert server.poll() is None, log.read_text()
        # By name: S3 is addressed as bucket.localhost, which 127.0.0.1 does not support.
        yield Cloud(f"http://localhost:{port}", log)
    finally:
        server.terminate()
        server.wait(timeout=30)


class CommandLine:
    """CDK's command line in the locked version, connected to moto only."""

    def __init__(self, cloud: Cloud, folder: Path) -> None:
        if not NODE.exists():
            skip_without("node beside this Python (requirements/infra.txt)")
        with LOCK.open("w") as lock:
            # npm empties the folder first: a second process waits until it is installed.
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not CDK.exists():
                self._install()
        self._assembly = folder / "cdk.out"
        self._environment = {
            "PATH": os.pathsep.join((str(PROGRAMS), os.defpath)),
            "HOME": str(folder),
            "AWS_ENDPOINT_URL": cloud.address,
            "AWS_ACCESS_KEY_ID": "known",
            "AWS_SECRET_ACCESS_KEY": "to-moto",
            "AWS_REGION": REGION,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "CDK_DOCKER": "/bin/true",
            "CDK_DISABLE_CLI_TELEMETRY": "1",
        }

    def synthesize(self, **context: str) -> None:
        """Synthesize with cdk.json, as in a deployment."""
        context_options = [word for each in context.items() for word in ("-c", "=".join(each))]
        self._run("synth", "--quiet", "--output", str(self._assembly), *context_options)

    def bootstrap(self) -> None:
        self._run_on_assembly("bootstrap", f"aws://{ACCOUNT}/{REGION}")

    def deploy(self) -> None:
        """Deploy without a change set, for which moto creates no exports."""
        self._run_on_assembly(
            "deploy", "--all", "--method", "direct", "--require-approval", "never"
        )

    def destroy(self) -> None:
        self._run_on_assembly("destroy", "--all", "--force")

    def list_stacks(self) -> list[str]:
        """Return the names of the synthesized stacks."""
        artifacts = json.loads((self._assembly / "manifest.json").read_text())["artifacts"]
        kind = "aws:cloudformation:stack"
        return sorted(name for name, each in artifacts.items() if each["type"] == kind)

    def _run_on_assembly(self, *words: str) -> None:
        self._run(*words, "--app", str(self._assembly))

    def _run(self, *words: str) -> None:
        result = subprocess.run(
            [str(NODE), str(CDK), *words],
            cwd=ROOT / "infra",
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, result.stdout + result.stderr

    def _install(self) -> None:
        result = subprocess.run(
            [str(NPM), "ci"],
            cwd=ROOT / "infra",
            env=os.environ | {"PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode:
            last = (result.stderr.strip().splitlines() or ["npm ci failed"])[-1]
            skip_without(f"CDK's command line ({last})")
