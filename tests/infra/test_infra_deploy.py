"""`python -m infra.deploy`: what it does in turn, and that it never calls half of it done."""

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from tests.infra.release import ACCOUNT, REGION, SITE, Release
from tests.stand_ins import moto

pytestmark = pytest.mark.xdist_group("infra-deploy")
REGISTRY = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
UNKNOWN = f"sha256:{'0' * 64}"
TEMPLATE = {
    "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
    "Outputs": {"Address": {"Value": SITE}},
}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Stands for AWS."""
    with moto.start_server() as address:
        yield address


class Account:
    """Somebody's account with AWS."""

    def __init__(self, address: str) -> None:
        self._address = address

    def client(self, service: str) -> Any:
        make: Any = boto3.client
        return make(
            service,
            endpoint_url=self._address,
            region_name=REGION,
            aws_access_key_id="known",
            aws_secret_access_key="to-moto",
        )

    def bootstrap(self) -> None:
        name = "/cdk-bootstrap/hnb659fds/version"
        self.client("ssm").put_parameter(Name=name, Value="30", Type="String")

    def has_stacks(self) -> None:
        """What CDK's stand-in will not make."""
        self.client("ecr").create_repository(repositoryName="vanish-dev")
        self.client("cloudformation").create_stack(
            StackName="vanish-dev-edge", TemplateBody=json.dumps(TEMPLATE)
        )

    def digest(self, tag: str) -> str:
        found = self.client("ecr").describe_images(
            repositoryName="vanish-dev", imageIds=[{"imageTag": tag}]
        )
        return str(found["imageDetails"][0]["imageDigest"])


@pytest.fixture
def empty(server: str) -> Account:
    """An account with nothing in it."""
    reset = urllib.request.Request(f"{server}/moto-api/reset", method="POST")  # noqa: S310  our own
    urllib.request.urlopen(reset).close()  # noqa: S310
    return Account(server)


@pytest.fixture
def account(empty: Account) -> Account:
    """One that CDK can deploy to."""
    empty.bootstrap()
    empty.has_stacks()
    return empty


@pytest.fixture
def release(tmp_path: Path, server: str) -> Release:
    """A checkout to release."""
    return Release(tmp_path, server)


def cdk(*words: str, environment: str = "dev") -> list[str]:
    """How CDK's command line is called."""
    command, *context = words
    approval = ("--require-approval", "never")
    return ["cdk", "deploy", command, *approval, "-c", f"environment={environment}", *context]


@pytest.mark.parametrize(
    ("tool", "options"),
    [
        ("docker", []),
        ("podman", ["--format", "docker"]),
        ("buildah", ["--format", "docker"]),
    ],
)
def test_registry_then_image_then_everything(
    account: Account, release: Release, tool: str, options: list[str]
) -> None:
    release.add_tool(tool)
    done = release.deploy("dev")
    assert done.returncode == 0, done.stderr
    image = f"{REGISTRY}/vanish-dev:{release.commit}"
    build = ["--platform", "linux/amd64", "--build-arg", f"REVISION={release.commit}"]
    assert release.called() == [
        cdk("vanish-dev-registry"),
        [tool, "build", *options, *build, "--tag", image, "."],
        [tool, "login", "--username", "AWS", "--password-stdin", REGISTRY],
        [tool, "push", image],
        cdk("--all", "-c", f"digest={account.digest(release.commit)}"),
    ]
    assert done.stdout.splitlines()[-1] == f"Deployed: {SITE}"


def test_the_registry_s_password_stands_in_no_command(account: Account, release: Release) -> None:
    release.add_tool("docker")
    release.deploy("dev")
    (password,) = release.given()
    assert password.endswith("auth-token")
    assert password not in json.dumps(release.called())


def test_each_step_is_said_in_one_line(account: Account, release: Release) -> None:
    release.add_tool("docker")
    image = f"{REGISTRY}/vanish-dev:{release.commit}"
    said = release.deploy("dev").stdout.splitlines()
    assert said == [
        f"dev is in account {ACCOUNT}, {REGION}.",
        "Deploying the registry.",
        f"Building {image} with docker.",
        f"Pushing {image}.",
        f"Deploying {account.digest(release.commit)}.",
        f"Deployed: {SITE}",
    ]


def test_an_image_that_was_pushed_before_is_not_built_again(
    account: Account, release: Release
) -> None:
    release.add_tool("docker")
    assert release.deploy("dev").returncode == 0
    before = len(release.called())
    again = release.deploy("dev")
    assert again.returncode == 0, again.stderr
    digest = account.digest(release.commit)
    assert release.called()[before:] == [cdk("--all", "-c", f"digest={digest}")]


def test_a_digest_leads_back_to_an_earlier_release(account: Account, release: Release) -> None:
    release.add_tool("docker")
    assert release.deploy("dev").returncode == 0
    earlier, before = account.digest(release.commit), len(release.called())
    (release.checkout / "NEWS").write_text("A later one.\n")
    done = release.deploy("dev", "--digest", earlier)
    assert done.returncode == 0, done.stderr
    assert release.called()[before:] == [cdk("--all", "-c", f"digest={earlier}")]


def test_cdk_is_installed_where_it_is_missing(account: Account, release: Release) -> None:
    line = release.checkout / "infra/node_modules/.bin/cdk"
    line.replace(release.checkout / "cdk.js")
    release.keep_changes()
    release.add_tool("docker")
    done = release.deploy("dev")
    assert done.returncode == 0, done.stderr
    assert "Installing CDK's command line." in done.stdout
    assert len(release.called()) == 5


def refused(release: Release, *arguments: str) -> str:
    """Why there was no release."""
    done = release.deploy(*arguments)
    assert done.returncode, done.stdout
    assert "Deployed" not in done.stdout
    assert "Traceback" not in done.stderr
    return done.stderr


def test_an_environment_that_does_not_exist(release: Release) -> None:
    said = refused(release, "staging")
    assert "staging" in said
    assert "dev" in said
    assert "prod" in said


def test_no_credentials(account: Account, release: Release) -> None:
    del release.environment["AWS_ACCESS_KEY_ID"], release.environment["AWS_SECRET_ACCESS_KEY"]
    said = refused(release, "dev")
    assert "AWS does not know you" in said
    assert "aws configure" in said
    assert release.called() == []


def test_an_account_that_cdk_has_nothing_in(empty: Account, release: Release) -> None:
    release.add_tool("docker")
    said = refused(release, "dev")
    assert f"cdk bootstrap aws://{ACCOUNT}/{REGION}" in said
    assert release.called() == []


def test_nothing_that_builds_images(account: Account, release: Release) -> None:
    assert "docker, podman, buildah" in refused(release, "dev")
    assert release.called() == []


def test_changes_that_no_commit_has(account: Account, release: Release) -> None:
    release.add_tool("docker")
    (release.checkout / "NEWS").write_text("Unfinished.\n")
    assert "NEWS" in refused(release, "dev")
    assert release.called() == []


@pytest.mark.parametrize("step", ["build", "login", "push"])
def test_a_step_of_the_image_that_fails(account: Account, release: Release, step: str) -> None:
    release.add_tool("docker", fails=step)
    assert f"docker {step}" in refused(release, "dev")
    assert release.called()[-1][:2] == ["docker", step]


@pytest.mark.parametrize(("stack", "calls"), [("vanish-dev-registry", 1), ("--all", 5)])
def test_stacks_that_fail(account: Account, release: Release, stack: str, calls: int) -> None:
    release.add_cdk(fails=stack)
    release.add_tool("docker")
    assert "The stacks were not deployed" in refused(release, "dev")
    assert len(release.called()) == calls


def test_a_digest_that_the_registry_does_not_have(account: Account, release: Release) -> None:
    assert f"no image {UNKNOWN}" in refused(release, "dev", "--digest", UNKNOWN)
    assert release.called() == []


def test_a_digest_where_there_is_no_registry_yet(empty: Account, release: Release) -> None:
    empty.bootstrap()
    assert f"no image {UNKNOWN}" in refused(release, "dev", "--digest", UNKNOWN)


def test_something_that_is_no_digest(account: Account, release: Release) -> None:
    assert "is not the digest of an image" in refused(release, "dev", "--digest", "latest")
