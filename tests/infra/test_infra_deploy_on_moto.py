"""`python -m infra.deploy` with the real command line of CDK: a release, and a second time."""

from pathlib import Path

import pytest

from tests.infra.cloud import CDK, CommandLine, run_cloud
from tests.infra.release import Release

pytestmark = pytest.mark.xdist_group("infra-moto")


def test_a_commit_is_released_and_released_again(tmp_path: Path) -> None:
    with run_cloud(tmp_path) as cloud:
        line = CommandLine(cloud, tmp_path)
        release = Release(tmp_path, cloud.address)
        release.add_real_cdk(CDK)
        release.add_tool("docker")
        line.synthesize(environment="dev")
        line.bootstrap()
        first = release.deploy("dev")
        assert first.returncode == 0, first.stderr
        assert [tool for _, tool, *_ in release.list_calls()] == ["build", "login", "push"]
        (image,) = cloud.create_client("ecr").describe_images(repositoryName="vanish-dev")[
            "imageDetails"
        ]
        assert image["imageTags"] == [release.commit]
        ecs = cloud.create_client("ecs")
        web = ecs.describe_task_definition(taskDefinition="vanish-dev-web")["taskDefinition"]
        (container,) = web["containerDefinitions"]
        assert container["image"].endswith(f"/vanish-dev@{image['imageDigest']}")
        second = release.deploy("dev", "--digest", image["imageDigest"])
        assert second.returncode == 0, second.stderr
        assert "updating stack" not in second.stderr
        assert second.stdout.splitlines()[-1] == first.stdout.splitlines()[-1]
