"""`python -m infra.deploy`: its steps in order, and that it never reports half of them as done."""

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
    """The address of moto, a fake of AWS."""
    with moto.start_server() as address:
        yield address


class Account:
    """An account on moto."""

    def __init__(self, address: str) -> None:
        self._address = address

    def create_client(self, service: str) -> Any:
        create: Any = boto3.client
        return create(
            service,
            endpoint_url=self._address,
            region_name=REGION,
            aws_access_key_id="known",
            aws_secret_access_key="to-moto",
        )

    def bootstrap(self) -> None:
        name = "/cdk-bootstrap/hnb659fds/version"
        self.create_client("ssm").put_parameter(Name=name, Value="30", Type="String")

    def add_stacks(self) -> None:
        """Create what the fake of CDK does not create."""
        self.create_client("ecr").create_repository(repositoryName="vanish-dev")
        self.create_client("cloudformation").create_stack(
            StackName="vanish-dev-edge", TemplateBody=json.dumps(TEMPLATE)
        )

    def read_digest(self, tag: str) -> str:
        found = self.create_client("ecr").describe_images(
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
    """An account that CDK can deploy to."""
    empty.bootstrap()
    empty.add_stacks()
    return empty


@pytest.fixture
def release(tmp_path: Path, server: str) -> Release:
    """A checkout to release."""
    return Release(tmp_path, server)


def build_cdk_call(*words: str, environment: str = "dev") -> list[str]:
    """Return the expected call of CDK's command line."""
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
    result = release.deploy("dev")
    assert result.returncode == 0, result.stderr
    image = f"{REGISTRY}/vanish-dev:{release.commit}"
    build = ["--platform", "linux/amd64", "--build-arg", f"REVISION={release.commit}"]
    assert release.list_calls() == [
        build_cdk_call("vanish-dev-registry"),
        [tool, "build", *options, *build, "--tag", image, "."],
        [tool, "login", "--username", "AWS", "--password-stdin", REGISTRY],
        [tool, "push", image],
        build_cdk_call("--all", "-c", f"digest={account.read_digest(release.commit)}"),
    ]
    assert result.stdout.splitlines()[-1] == f"Deployed: {SITE}"


def test_no_command_contains_the_registry_s_password(account: Account, release: Release) -> None:
    release.add_tool("docker")
    release.deploy("dev")
    (password,) = release.list_hidden_inputs()
    assert password.endswith("auth-token")
    assert password not in json.dumps(release.list_calls())


def test_each_step_is_printed_in_one_line(account: Account, release: Release) -> None:
    release.add_tool("docker")
    image = f"{REGISTRY}/vanish-dev:{release.commit}"
    output = release.deploy("dev").stdout.splitlines()
    assert output == [
        f"dev is in account {ACCOUNT}, {REGION}.",
        "Deploying the registry.",
        f"Building {image} with docker.",
        f"Pushing {image}.",
        f"Deploying {account.read_digest(release.commit)}.",
        f"Deployed: {SITE}",
    ]


def test_an_image_that_was_pushed_before_is_not_built_again(
    account: Account, release: Release
) -> None:
    release.add_tool("docker")
    assert release.deploy("dev").returncode == 0
    before = len(release.list_calls())
    again = release.deploy("dev")
    assert again.returncode == 0, again.stderr
    digest = account.read_digest(release.commit)
    assert release.list_calls()[before:] == [build_cdk_call("--all", "-c", f"digest={digest}")]


def test_a_digest_rolls_back_to_an_earlier_release(account: Account, release: Release) -> None:
    release.add_tool("docker")
    assert release.deploy("dev").returncode == 0
    earlier, before = account.read_digest(release.commit), len(release.list_calls())
    (release.checkout / "NEWS").write_text("A later one.\n")
    result = release.deploy("dev", "--digest", earlier)
    assert result.returncode == 0, result.stderr
    assert release.list_calls()[before:] == [build_cdk_call("--all", "-c", f"digest={earlier}")]


def test_cdk_is_installed_where_it_is_missing(account: Account, release: Release) -> None:
    line = release.checkout / "infra/node_modules/.bin/cdk"
    line.replace(release.checkout / "cdk.js")
    release.commit_changes()
    release.add_tool("docker")
    result = release.deploy("dev")
    assert result.returncode == 0, result.stderr
    assert "Installing CDK's command line." in result.stdout
    assert len(release.list_calls()) == 5


def deploy_in_vain(release: Release, *arguments: str) -> str:
    """Run a deployment that must fail, and return its error message."""
    result = release.deploy(*arguments)
    assert result.returncode, result.stdout
    assert "Deployed" not in result.stdout
    assert "Traceback" not in result.stderr
    return result.stderr


def test_an_environment_that_does_not_exist(release: Release) -> None:
    output = deploy_in_vain(release, "staging")
    assert "staging" in output
    assert "dev" in output
    assert "prod" in output


def test_no_credentials(account: Account, release: Release) -> None:
    del release.environment["AWS_ACCESS_KEY_ID"], release.environment["AWS_SECRET_ACCESS_KEY"]
    output = deploy_in_vain(release, "dev")
    assert "AWS does not accept your credentials" in output
    assert "aws configure" in output
    assert release.list_calls() == []


def test_an_account_without_cdk(empty: Account, release: Release) -> None:
    release.add_tool("docker")
    output = deploy_in_vain(release, "dev")
    assert f"cdk bootstrap aws://{ACCOUNT}/{REGION}" in output
    assert release.list_calls() == []


def test_no_program_that_builds_images(account: Account, release: Release) -> None:
    assert "docker, podman, buildah" in deploy_in_vain(release, "dev")
    assert release.list_calls() == []


def test_changes_that_are_not_committed(account: Account, release: Release) -> None:
    release.add_tool("docker")
    (release.checkout / "NEWS").write_text("Unfinished.\n")
    assert "NEWS" in deploy_in_vain(release, "dev")
    assert release.list_calls() == []


@pytest.mark.parametrize("step", ["build", "login", "push"])
def test_a_step_of_the_image_that_fails(account: Account, release: Release, step: str) -> None:
    release.add_tool("docker", fails=step)
    assert f"docker {step}" in deploy_in_vain(release, "dev")
    assert release.list_calls()[-1][:2] == ["docker", step]


@pytest.mark.parametrize(("stack", "calls"), [("vanish-dev-registry", 1), ("--all", 5)])
def test_stacks_that_fail(account: Account, release: Release, stack: str, calls: int) -> None:
    release.add_cdk(fails=stack)
    release.add_tool("docker")
    assert "The stacks were not deployed" in deploy_in_vain(release, "dev")
    assert len(release.list_calls()) == calls


def test_a_digest_that_the_registry_does_not_have(account: Account, release: Release) -> None:
    assert f"no image {UNKNOWN}" in deploy_in_vain(release, "dev", "--digest", UNKNOWN)
    assert release.list_calls() == []


def test_a_digest_where_there_is_no_registry_yet(empty: Account, release: Release) -> None:
    empty.bootstrap()
    assert f"no image {UNKNOWN}" in deploy_in_vain(release, "dev", "--digest", UNKNOWN)


def test_a_tag_instead_of_a_digest(account: Account, release: Release) -> None:
    assert "is not the digest of an image" in deploy_in_vain(release, "dev", "--digest", "latest")
