"""The database, the files, the secrets and the queues."""

import json
from typing import TYPE_CHECKING

from aws_cdk import Environment, Stack
from aws_cdk import aws_secretsmanager as secrets
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.config import QUEUES, Config
from infra.parts.database import Database
from infra.parts.files import add_file_bucket
from infra.parts.findings import accept
from infra.parts.queues import add_queue
from infra.parts.removal_policy import choose_removal_policy

if TYPE_CHECKING:
    from infra.stacks.network import NetworkStack

FEATURES = (
    # Allow access logs by the bucket's policy, because access control lists are off.
    "@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy",
    # Write one policy for each secret: AWS refuses a second one.
    "@aws-cdk/aws-secretsmanager:useAttachedSecretResourcePolicyForSecretTargetAttachments",
)
"""Features of CDK that are off by default."""


class DataStack(Stack):
    """The stack of all data: retained in an environment that keeps its data, else deleted.

    Attributes:
        database: the PostgreSQL server.
        admin_secret, application_secret: its users, as JSON with host, port and dbname.
        site_secret: JSON: `current` signs sessions, `previous` is still accepted.
        metrics_secret: the token for /metrics.
        bucket: photos and related files.
        queues, dead_letters: by the queue's name.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, config: Config, network: "NetworkStack"
    ) -> None:
        super().__init__(scope, construct_id, env=Environment(region=config.region))
        for feature in FEATURES:
            self.node.set_context(feature, value=True)
        self._config = config
        database = Database(self, "Database", config=config, network=network)
        self.database = database.instance
        self.admin_secret = database.admin_secret
        self.application_secret = database.application_secret
        self.site_secret = self._add_secret(
            "SiteSecret",
            secrets.SecretStringGenerator(
                secret_string_template=json.dumps({"previous": ""}),
                generate_string_key="current",
                password_length=64,
                exclude_punctuation=True,
            ),
        )
        self.metrics_secret = self._add_secret(
            "MetricsSecret",
            secrets.SecretStringGenerator(password_length=48, exclude_punctuation=True),
        )
        self.bucket = add_file_bucket(self, config)
        self.queues: dict[str, sqs.Queue] = {}
        self.dead_letters: dict[str, sqs.Queue] = {}
        for name in QUEUES:
            self.queues[name], self.dead_letters[name] = add_queue(self, name)

    def _add_secret(self, name: str, generator: secrets.SecretStringGenerator) -> secrets.Secret:
        secret = secrets.Secret(
            self,
            name,
            generate_secret_string=generator,
            removal_policy=choose_removal_policy(self._config),
        )
        accept(
            secret,
            "AWS has no function that rotates it: it is changed by hand, as the README explains.",
            "AwsSolutions-SMG4",
        )
        return secret
