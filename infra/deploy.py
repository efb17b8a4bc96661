"""`python -m infra.deploy ENVIRONMENT [--digest sha256:...]`: the commit here, or an image, to AWS.

An image that is in the registry already is not built again, so that naming an earlier digest is
the way back to its release.
"""

import argparse
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra.config import ENVIRONMENTS, Config
from infra.publish import (
    ROOT,
    Stopped,
    build,
    commit_checked_out,
    container_tool,
    digest_of,
    push,
)

if TYPE_CHECKING:
    from boto3 import Session

HERE = ROOT / "infra"
PROGRAMS = Path(sys.executable).parent
CDK = HERE / "node_modules/.bin/cdk"
BOOTSTRAPPED = "/cdk-bootstrap/hnb659fds/version"
"""Where CDK notes that it has prepared an account's region."""


def main(arguments: list[str]) -> int:
    """Deploy; the exit status."""
    told = _arguments(arguments)
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        address = Deployment.of(ENVIRONMENTS[told.environment]).release(told.digest)
    except (Stopped, BotoCoreError, ClientError) as fault:
        print(f"Not deployed. {fault}", file=sys.stderr)
        return 1
    say(f"Deployed: {address}")
    return 0


def say(step: str) -> None:
    """One line, at once: what follows may take minutes."""
    print(step, flush=True)


@dataclass(frozen=True)
class Deployment:
    """One environment in the account that the credentials lead to."""

    config: Config
    session: "Session"
    account: str

    @classmethod
    def of(cls, config: Config) -> "Deployment":
        """Find out whose credentials these are. Raises Stopped."""
        from boto3 import Session
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            session = Session(region_name=config.region)
            account = session.client("sts").get_caller_identity()["Account"]
        except (BotoCoreError, ClientError) as fault:
            raise Stopped(
                f"AWS does not know you: {fault} Sign in by `aws sso login` or `aws configure`, "
                "or name a profile in AWS_PROFILE."
            ) from fault
        say(f"{config.name} is in account {account}, {config.region}.")
        return cls(config, session, account)

    def release(self, digest: str | None) -> str:
        """Deploy this image, or the commit's; the site's address. Raises Stopped."""
        self._prepare_cdk()
        if digest is None:
            digest = self._published()
        elif digest_of(self._client("ecr"), self.config, imageDigest=digest) is None:
            raise Stopped(f"{self.config.prefix} has no image {digest} in the registry.")
        say(f"Deploying {digest}.")
        self._cdk("deploy", "--all", digest=digest)
        return self._address()

    def _prepare_cdk(self) -> None:
        if not CDK.exists():
            say("Installing CDK's command line.")
            self._run([str(PROGRAMS / "npm"), "ci"], "CDK's command line could not be installed")
        client = self._client("ssm")
        try:
            client.get_parameter(Name=BOOTSTRAPPED)
        except client.exceptions.ParameterNotFound as fault:
            raise Stopped(
                "CDK has nothing in this account yet. Run once: "
                f"{_shown(PROGRAMS / 'node')} {_shown(CDK)} bootstrap "
                f"aws://{self.account}/{self.config.region}"
            ) from fault

    def _published(self) -> str:
        """The digest of the commit's image, which is built and pushed where it is not there yet."""
        commit = commit_checked_out()
        ecr = self._client("ecr")
        digest = digest_of(ecr, self.config, imageTag=commit)
        if digest:
            say(f"The image of {commit} is in the registry already.")
            return digest
        tool = container_tool()
        say("Deploying the registry.")
        self._cdk("deploy", f"{self.config.prefix}-registry")
        found = ecr.describe_repositories(repositoryNames=[self.config.prefix])
        image = f"{found['repositories'][0]['repositoryUri']}:{commit}"
        say(f"Building {image} with {tool}.")
        build(tool, image, commit)
        say(f"Pushing {image}.")
        push(tool, ecr, image)
        digest = digest_of(ecr, self.config, imageTag=commit)
        if digest is None:
            raise Stopped(f"{image} was pushed, and the registry does not have it.")
        return digest

    def _address(self) -> str:
        """As the stack tells it that visitors arrive at."""
        told = self._client("cloudformation").describe_stacks(
            StackName=f"{self.config.prefix}-edge"
        )
        outputs = {each["OutputKey"]: each["OutputValue"] for each in told["Stacks"][0]["Outputs"]}
        return str(outputs["Address"])

    def _cdk(self, *command: str, digest: str | None = None) -> None:
        context = ["-c", f"environment={self.config.name}"]
        if digest:
            context += ["-c", f"digest={digest}"]
        # Whoever runs this has decided already; `cdk diff` shows what would change.
        asked = [*command, "--require-approval", "never", *context]
        self._run([str(PROGRAMS / "node"), str(CDK), *asked], "The stacks were not deployed")

    def _run(self, command: list[str], failure: str) -> None:
        path = f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"
        known = os.environ | {"PATH": path, "CDK_DISABLE_CLI_TELEMETRY": "1"}
        done = subprocess.run(command, cwd=HERE, env=known, check=False)
        if done.returncode:
            raise Stopped(f"{failure}: see above.")

    def _client(self, service: str) -> Any:
        make: Any = self.session.client  # its overloads want the service's name spelled out
        return make(service)


def _shown(path: Path) -> str:
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)


def _arguments(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m infra.deploy", description="Vanish to AWS.")
    parser.add_argument("environment", choices=sorted(ENVIRONMENTS))
    parser.add_argument("--digest", help="an image that is in the registry already: sha256:...")
    told = parser.parse_args(arguments)
    if told.digest is not None and not _is_digest(told.digest):
        parser.error(f"{told.digest} is not the digest of an image: sha256: and 64 hex digits")
    return told


def _is_digest(text: str) -> bool:
    from infra.parts.tasks import DIGEST  # with it comes all of CDK, which takes seconds

    return DIGEST.fullmatch(text) is not None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
