"""The registry of images."""

import json
from pathlib import Path

from infra.app import build_stacks, create_app
from infra.config import Config
from tests.infra.assembly import Assembly


def test_images_are_scanned_and_their_tags_stay(assembly: Assembly, config: Config) -> None:
    properties = assembly.find_only("registry", "AWS::ECR::Repository")
    assert properties["RepositoryName"] == f"vanish-{config.name}"
    assert properties["ImageScanningConfiguration"] == {"ScanOnPush": True}
    assert properties["ImageTagMutability"] == "IMMUTABLE"


def test_the_last_twenty_images_are_kept(assembly: Assembly) -> None:
    properties = assembly.find_only("registry", "AWS::ECR::Repository")
    (rule,) = json.loads(properties["LifecyclePolicy"]["LifecyclePolicyText"])["rules"]
    assert rule["selection"]["countType"] == "imageCountMoreThan"
    assert rule["selection"]["countNumber"] == 20
    assert rule["action"] == {"type": "expire"}


def test_in_dev_images_are_deleted_with_the_repository(assembly: Assembly, config: Config) -> None:
    (found,) = assembly.find_resources("registry", "AWS::ECR::Repository").values()
    keeps = config.keeps_data
    assert found["DeletionPolicy"] == ("RetainExceptOnCreate" if keeps else "Delete")
    assert found["Properties"].get("EmptyOnDelete", False) is not keeps


def test_the_registry_alone_has_the_same_template(
    assembly: Assembly, config: Config, tmp_path: Path
) -> None:
    """As before every push: the exports that other stacks use must stay."""
    app = create_app(str(tmp_path))
    stacks = build_stacks(app, config, None)
    app.synth()
    alone = json.loads((tmp_path / stacks["registry"].template_file).read_text())
    assert list(stacks) == ["registry"]
    assert alone == assembly.templates["registry"]
