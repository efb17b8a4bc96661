"""The image of the commit that is checked out: how it is built and pushed to the registry."""

import base64
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from infra.config import Config

ROOT = Path(__file__).resolve().parents[1]
PLATFORM = "linux/amd64"
"""The platform of the tasks, wherever the image is built."""
DOCKER_FORMAT = ("--format", "docker")
BUILDS: dict[str, tuple[str, ...]] = {
    "docker": (),
    "podman": DOCKER_FORMAT,
    "buildah": DOCKER_FORMAT,
}
"""Programs that can build the image, the preferred one first, with their options.

The default format of podman and buildah has no health checks."""
ONE_IMAGE = {"BUILDX_NO_DEFAULT_ATTESTATIONS": "1"}
"""Without this Docker pushes an index with attestations, which ECR does not scan."""


class ReleaseError(Exception):
    """A release that failed; the message says why."""


def find_container_tool() -> str:
    """Return the first program that is installed. Raises ReleaseError."""
    for tool in BUILDS:
        if shutil.which(tool):
            return tool
    raise ReleaseError(f"To build the image, install one of {', '.join(BUILDS)}.")


def read_commit() -> str:
    """Return the checked-out commit, which is the image's tag.

    Raises ReleaseError, also where files differ from the commit.
    """
    changes = _run_git("status", "--porcelain")
    if changes:
        raise ReleaseError(
            f"A release is named by its commit, but these files are not committed:\n{changes}"
        )
    return _run_git("rev-parse", "--verify", "HEAD").strip()


def _run_git(*words: str) -> str:
    command = ["git", *words]
    try:
        result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    except FileNotFoundError as error:
        raise ReleaseError("A release is named by its commit: git is needed.") from error
    except subprocess.CalledProcessError as error:
        raise ReleaseError(f"A release is named by its commit. {error.stderr.strip()}") from error
    return result.stdout


def find_digest(client: Any, config: Config, **image: str) -> str | None:
    """Return the digest of the image with this `imageTag` or `imageDigest`, or None."""
    missing = client.exceptions
    try:
        found = client.describe_images(repositoryName=config.prefix, imageIds=[image])
    except (missing.ImageNotFoundException, missing.RepositoryNotFoundException):
        return None
    digest: str = found["imageDetails"][0]["imageDigest"]
    return digest


def build_image(tool: str, image: str, commit: str) -> None:
    """Build the image and tag it. Raises ReleaseError."""
    options = ("--platform", PLATFORM, "--build-arg", f"REVISION={commit}", "--tag", image, ".")
    _run_command([tool, "build", *BUILDS[tool], *options], "The image could not be built")


def push_image(tool: str, client: Any, image: str) -> None:
    """Sign in to the registry and push the image. Raises ReleaseError."""
    token = client.get_authorization_token()["authorizationData"][0]["authorizationToken"]
    user, _, password = base64.b64decode(token).decode().partition(":")
    host = image.partition("/")[0]
    login = [tool, "login", "--username", user, "--password-stdin", host]
    _run_command(login, f"{host} refused the sign-in", standard_input=password)
    _run_command([tool, "push", image], "The image could not be pushed")


def _run_command(command: list[str], failure: str, standard_input: str | None = None) -> None:
    environment = os.environ | ONE_IMAGE
    result = subprocess.run(
        command, cwd=ROOT, env=environment, input=standard_input, text=True, check=False
    )
    if result.returncode:
        raise ReleaseError(
            f"{failure}: `{' '.join(command[:2])}` exited with {result.returncode}, see above."
        )
