"""Where the image is pushed to."""

import json
from pathlib import Path

from infra.app import build, new_app
from infra.config import Config
from tests.infra.assembly import Assembly


def test_images_are_scanned_and_their_tags_stay(assembly: Assembly, config: Config) -> None:
    told = assembly.only("registry", "AWS::ECR::Repository")
    assert told["RepositoryName"] == f"vanish-{config.name}"
    assert told["ImageScanningConfiguration"] == {"ScanOnPush": True}
    assert told["ImageTagMutability"] == "IMMUTABLE"


def test_the_last_twenty_are_kept(assembly: Assembly) -> None:
    told = assembly.only("registry", "AWS::ECR::Repository")
    (rule,) = json.loads(told["LifecyclePolicy"]["LifecyclePolicyText"])["rules"]
    assert rule["selection"]["countType"] == "imageCountMoreThan"
    assert rule["selection"]["countNumber"] == 20
    assert rule["action"] == {"type": "expire"}


def test_in_dev_images_go_with_the_repository(assembly: Assembly, config: Config) -> None:
    (found,) = assembly.of_type("registry", "AWS::ECR::Repository").values()
    keeps = config.keeps_data
    assert found["DeletionPolicy"] == ("RetainExceptOnCreate" if keeps else "Delete")
    assert found["Properties"].get("EmptyOnDelete", False) is not keeps


def test_deployed_alone_it_is_the_same(assembly: Assembly, config: Config, tmp_path: Path) -> None:
    """As before every push: what the other stacks use of it must not go."""
    app = new_app(str(tmp_path))
    stacks = build(app, config, None)
    app.synth()
    alone = json.loads((tmp_path / stacks["registry"].template_file).read_text())
    assert list(stacks) == ["registry"]
    assert alone == assembly.templates["registry"]
