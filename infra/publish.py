"""Builds the image of the commit that is checked out, and pushes it to the registry."""

import base64
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from infra.config import Config

ROOT = Path(__file__).resolve().parents[1]
PLATFORM = "linux/amd64"
"""What the tasks run on, wherever the image is built."""
DOCKER_FORMAT = ("--format", "docker")
BUILDS: dict[str, tuple[str, ...]] = {
    "docker": (),
    "podman": DOCKER_FORMAT,
    "buildah": DOCKER_FORMAT,
}
"""Who can build it, first choice first. The others' own format knows no health checks."""
ONE_IMAGE = {"BUILDX_NO_DEFAULT_ATTESTATIONS": "1"}
"""Docker would push a list of the image and of how it was built, which ECR does not scan."""


class Stopped(Exception):
    """Why there is no release; its text is for whoever wanted one."""


def container_tool() -> str:
    """The first that is here. Raises Stopped."""
    for tool in BUILDS:
        if shutil.which(tool):
            return tool
    raise Stopped(f"The image needs {', '.join(BUILDS)}: none of them is installed here.")


def commit_checked_out() -> str:
    """The commit that the files here are, which names the image. Raises Stopped."""
    unnamed = _git("status", "--porcelain")
    if unnamed:
        raise Stopped(f"A release is named by its commit, and these are in none:\n{unnamed}")
    return _git("rev-parse", "--verify", "HEAD").strip()


def _git(*words: str) -> str:
    command = ["git", *words]
    try:
        asked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    except FileNotFoundError as fault:
        raise Stopped("A release is named by its commit: git is needed.") from fault
    except subprocess.CalledProcessError as fault:
        raise Stopped(f"A release is named by its commit. {fault.stderr.strip()}") from fault
    return asked.stdout


def digest_of(client: Any, config: Config, **image: str) -> str | None:
    """The digest of the image with this `imageTag` or `imageDigest`; None where there is none."""
    missing = client.exceptions
    try:
        found = client.describe_images(repositoryName=config.prefix, imageIds=[image])
    except (missing.ImageNotFoundException, missing.RepositoryNotFoundException):
        return None
    digest: str = found["imageDetails"][0]["imageDigest"]
    return digest


def build(tool: str, image: str, commit: str) -> None:
    """Raises Stopped."""
    told = ("--platform", PLATFORM, "--build-arg", f"REVISION={commit}", "--tag", image, ".")
    _run([tool, "build", *BUILDS[tool], *told], "The image could not be built")


def push(tool: str, client: Any, image: str) -> None:
    """Sign in at the registry, and push. Raises Stopped."""
    token = client.get_authorization_token()["authorizationData"][0]["authorizationToken"]
    user, _, password = base64.b64decode(token).decode().partition(":")
    host = image.partition("/")[0]
    login = [tool, "login", "--username", user, "--password-stdin", host]
    _run(login, f"{host} let nobody in", given=password)
    _run([tool, "push", image], "The image could not be pushed")


def _run(command: list[str], failure: str, given: str | None = None) -> None:
    known = os.environ | ONE_IMAGE
    done = subprocess.run(command, cwd=ROOT, env=known, input=given, text=True, check=False)
    if done.returncode:
        raise Stopped(
            f"{failure}: `{' '.join(command[:2])}` ended with {done.returncode}, see above."
        )
