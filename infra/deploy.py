"""`python -m infra.deploy ENVIRONMENT [--digest sha256:...]` deploys to AWS.

It deploys the commit that is checked out, or an image that is in the registry.
An image that is already there is not built again. To roll back, name an earlier digest.
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
    ReleaseError,
    build_image,
    find_container_tool,
    find_digest,
    push_image,
    read_commit,
)

if TYPE_CHECKING:
    from boto3 import Session

FOLDER = ROOT / "infra"
PROGRAMS = Path(sys.executable).parent
CDK = FOLDER / "node_modules/.bin/cdk"
BOOTSTRAP_PARAMETER = "/cdk-bootstrap/hnb659fds/version"
"""The parameter that CDK writes when it prepares a region of an account."""


def main(arguments: list[str]) -> int:
    """Deploy, and return the exit status."""
    options = _parse_arguments(arguments)
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        address = Deployment.create(ENVIRONMENTS[options.environment]).release(options.digest)
    except (ReleaseError, BotoCoreError, ClientError) as error:
        print(f"Not deployed. {error}", file=sys.stderr)
        return 1
    print_step(f"Deployed: {address}")
    return 0


def print_step(step: str) -> None:
    """Print one line at once, because the step may take minutes."""
    print(step, flush=True)


@dataclass(frozen=True)
class Deployment:
    """One environment in the account of the credentials."""

    config: Config
    session: "Session"
    account: str

    @classmethod
    def create(cls, config: Config) -> "Deployment":
        """Look up the account of the credentials. Raises ReleaseError."""
        from boto3 import Session
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            session = Session(region_name=config.region)
            account = session.client("sts").get_caller_identity()["Account"]
        except (BotoCoreError, ClientError) as error:
            raise ReleaseError(
                f"AWS does not accept your credentials: {error} Sign in with `aws sso login` or "
                "`aws configure`, or name a profile in AWS_PROFILE."
            ) from error
        print_step(f"{config.name} is in account {account}, {config.region}.")
        return cls(config, session, account)

    def release(self, digest: str | None) -> str:
        """Deploy this image or the commit's, and return the site's address. Raises ReleaseError."""
        self._prepare_cdk()
        if digest is None:
            digest = self._publish_image()
        elif find_digest(self._create_client("ecr"), self.config, imageDigest=digest) is None:
            raise ReleaseError(f"{self.config.prefix} has no image {digest} in the registry.")
        print_step(f"Deploying {digest}.")
        self._run_cdk("deploy", "--all", digest=digest)
        return self._read_address()

    def _prepare_cdk(self) -> None:
        if not CDK.exists():
            print_step("Installing CDK's command line.")
            self._run_command(
                [str(PROGRAMS / "npm"), "ci"], "CDK's command line could not be installed"
            )
        client = self._create_client("ssm")
        try:
            client.get_parameter(Name=BOOTSTRAP_PARAMETER)
        except client.exceptions.ParameterNotFound as error:
            raise ReleaseError(
                "CDK is not set up in this account yet. Run once: "
                f"{_format_path(PROGRAMS / 'node')} {_format_path(CDK)} bootstrap "
                f"aws://{self.account}/{self.config.region}"
            ) from error

    def _publish_image(self) -> str:
        """Return the digest of the commit's image; build and push it if the registry has none."""
        commit = read_commit()
        ecr = self._create_client("ecr")
        digest = find_digest(ecr, self.config, imageTag=commit)
        if digest:
            print_step(f"The image of {commit} is in the registry already.")
            return digest
        tool = find_container_tool()
        print_step("Deploying the registry.")
        self._run_cdk("deploy", f"{self.config.prefix}-registry")
        repositories = ecr.describe_repositories(repositoryNames=[self.config.prefix])
        image = f"{repositories['repositories'][0]['repositoryUri']}:{commit}"
        print_step(f"Building {image} with {tool}.")
        build_image(tool, image, commit)
        print_step(f"Pushing {image}.")
        push_image(tool, ecr, image)
        digest = find_digest(ecr, self.config, imageTag=commit)
        if digest is None:
            raise ReleaseError(f"{image} was pushed, but the registry does not have it.")
        return digest

    def _read_address(self) -> str:
        """Return the site's address, an output of the edge stack."""
        stacks = self._create_client("cloudformation").describe_stacks(
            StackName=f"{self.config.prefix}-edge"
        )
        outputs = {
            each["OutputKey"]: each["OutputValue"] for each in stacks["Stacks"][0]["Outputs"]
        }
        return str(outputs["Address"])

    def _run_cdk(self, *command: str, digest: str | None = None) -> None:
        context = ["-c", f"environment={self.config.name}"]
        if digest:
            context += ["-c", f"digest={digest}"]
        # To run this command is the approval; `cdk diff` shows the changes beforehand.
        arguments = [*command, "--require-approval", "never", *context]
        self._run_command(
            [str(PROGRAMS / "node"), str(CDK), *arguments], "The stacks were not deployed"
        )

    def _run_command(self, command: list[str], failure: str) -> None:
        path = f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"
        environment = os.environ | {"PATH": path, "CDK_DISABLE_CLI_TELEMETRY": "1"}
        result = subprocess.run(command, cwd=FOLDER, env=environment, check=False)
        if result.returncode:
            raise ReleaseError(f"{failure}: see above.")

    def _create_client(self, service: str) -> Any:
        create: Any = self.session.client  # its overloads accept only literal names of services
        return create(service)


def _format_path(path: Path) -> str:
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)


def _parse_arguments(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m infra.deploy", description="Vanish to AWS.")
    parser.add_argument("environment", choices=sorted(ENVIRONMENTS))
    parser.add_argument("--digest", help="an image that is in the registry already: sha256:...")
    options = parser.parse_args(arguments)
    if options.digest is not None and not _is_digest(options.digest):
        parser.error(f"{options.digest} is not the digest of an image: sha256: and 64 hex digits")
    return options


def _is_digest(text: str) -> bool:
    from infra.parts.tasks import DIGEST  # imports all of CDK, which takes seconds

    return DIGEST.fullmatch(text) is not None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
