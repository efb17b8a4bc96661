"""A whole life of an environment: CDK's own command line deploys and destroys it, in moto."""

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
    """moto, and the file that it writes its log into."""

    address: str
    log: Path

    def client(self, service: str) -> Any:
        make: Any = boto3.client
        return make(
            service,
            endpoint_url=self.address,
            region_name=REGION,
            aws_access_key_id="known",
            aws_secret_access_key="to-moto",
        )

    def not_made(self) -> list[str]:
        """Kinds of resources that were taken as made."""
        return sorted(set(UNKNOWN.findall(self.log.read_text())))


@contextmanager
def running(folder: Path) -> Iterator[Cloud]:
    """Start one as a process of its own."""
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
        # By name: S3 is asked at bucket.localhost, which 127.0.0.1 cannot have.
        yield Cloud(f"http://localhost:{port}", log)
    finally:
        server.terminate()
        server.wait(timeout=30)


class CommandLine:
    """CDK's own, of the version that is locked; it talks to the cloud alone."""

    def __init__(self, cloud: Cloud, folder: Path) -> None:
        if not NODE.exists():
            skip_without("node beside this Python (requirements/infra.txt)")
        with LOCK.open("w") as lock:
            # npm empties the folder first: who comes second waits, and finds it there.
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
        """By cdk.json, as everybody does."""
        told = [word for each in context.items() for word in ("-c", "=".join(each))]
        self._do("synth", "--quiet", "--output", str(self._assembly), *told)

    def bootstrap(self) -> None:
        self._on_assembly("bootstrap", f"aws://{ACCOUNT}/{REGION}")

    def deploy(self) -> None:
        """Directly: of a change set, moto makes no exports."""
        self._on_assembly("deploy", "--all", "--method", "direct", "--require-approval", "never")

    def destroy(self) -> None:
        self._on_assembly("destroy", "--all", "--force")

    def stacks(self) -> list[str]:
        """The names of the stacks that were synthesized."""
        artifacts = json.loads((self._assembly / "manifest.json").read_text())["artifacts"]
        kind = "aws:cloudformation:stack"
        return sorted(name for name, each in artifacts.items() if each["type"] == kind)

    def _on_assembly(self, *words: str) -> None:
        self._do(*words, "--app", str(self._assembly))

    def _do(self, *words: str) -> None:
        done = subprocess.run(
            [str(NODE), str(CDK), *words],
            cwd=ROOT / "infra",
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def _install(self) -> None:
        done = subprocess.run(
            [str(NPM), "ci"],
            cwd=ROOT / "infra",
            env=os.environ | {"PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["npm ci failed"])[-1]
            skip_without(f"CDK's command line ({last})")
