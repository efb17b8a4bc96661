"""Builds the image of the commit that is checked out, and pushes it where the stacks look for it."""

import base64
import shutil
import subprocess
from pathlib import Path
from typing import Any

from infra.config import Config

ROOT = Path(__file__).resolve().parents[1]
PLATFORM = "linux/amd64"
"""What the tasks run on, wherever the image is built."""
DOCKER_FORMAT = ("--format", "docker")
BUILDS = {"docker": (), "podman": DOCKER_FORMAT, "buildah": DOCKER_FORMAT}
"""Who can build it, first choice first. OCI's own format, the others' default, has no health check."""


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
    asked = subprocess.run(
        ["git", "status", "--porcelain"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if asked.returncode:
        raise Stopped(f"A release is named by its commit. {asked.stderr.strip()}")
    if asked.stdout:
        raise Stopped(f"A release is named by its commit, and these are in none:\n{asked.stdout}")
    named = subprocess.run(
        ["git", "rev-parse", "--verify", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if named.returncode:
        raise Stopped(f"A release is named by its commit. {named.stderr.strip()}")
    return named.stdout.strip()


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
    done = subprocess.run(command, cwd=ROOT, input=given, text=True, check=False)
    if done.returncode:
        raise Stopped(f"{failure}: `{' '.join(command[:2])}` ended with {done.returncode}, see above.")
