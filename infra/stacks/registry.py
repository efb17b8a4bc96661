"""The registry of images: deployed first, because the other stacks need an image's digest."""

from aws_cdk import Environment, Stack
from aws_cdk import aws_ecr as ecr
from constructs import Construct

from infra.config import Config
from infra.parts.removal_policy import choose_removal_policy

MOST_IMAGES = 20


class RegistryStack(Stack):
    """One repository, whose tags are immutable.

    Attributes:
        repository: `vanish-<environment>`.
    """

    def __init__(self, scope: Construct, construct_id: str, *, config: Config) -> None:
        super().__init__(scope, construct_id, env=Environment(region=config.region))
        keeps = config.keeps_data
        self.repository = ecr.Repository(
            self,
            "Images",
            repository_name=config.prefix,
            image_scan_on_push=True,
            image_tag_mutability=ecr.TagMutability.IMMUTABLE,
            encryption=ecr.RepositoryEncryption.AES_256,
            lifecycle_rules=[ecr.LifecycleRule(max_image_count=MOST_IMAGES)],
            removal_policy=choose_removal_policy(config),
            empty_on_delete=not keeps,
        )
        # Exported also where it is deployed alone, because other stacks may already use it.
        for used in (self.repository.repository_arn, self.repository.repository_name):
            self.export_value(used)
