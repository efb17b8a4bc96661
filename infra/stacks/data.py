"""What is kept: the database, the files, the secrets and the queues."""

import json
from typing import TYPE_CHECKING

from aws_cdk import Environment, Stack
from aws_cdk import aws_secretsmanager as secrets
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.config import QUEUES, Config
from infra.parts.accepted import accept
from infra.parts.database import Database
from infra.parts.files import file_bucket
from infra.parts.queues import queue_with_dead_letters
from infra.parts.removal import removal_of

if TYPE_CHECKING:
    from infra.stacks.network import NetworkStack

FEATURES = (
    # Access logs are let in by the bucket's policy: its access lists are off.
    "@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy",
    # One policy a secret: AWS refuses a second.
    "@aws-cdk/aws-secretsmanager:useAttachedSecretResourcePolicyForSecretTargetAttachments",
)
"""What the library does only where it is asked to, for the sake of older stacks."""


class DataStack(Stack):
    """All of it outlives the stack where the environment keeps its data; nothing does elsewhere.

    Attributes:
        database: the PostgreSQL server.
        admin_secret, application_secret: who signs in to it, as JSON with host, port and dbname.
        site_secret: JSON: `current` signs sessions, `previous` is still believed.
        metrics_secret: the token that a scraper of /metrics shows.
        bucket: photos and all that belongs to them.
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
        self.site_secret = self._secret(
            "SiteSecret",
            secrets.SecretStringGenerator(
                secret_string_template=json.dumps({"previous": ""}),
                generate_string_key="current",
                password_length=64,
                exclude_punctuation=True,
            ),
        )
        self.metrics_secret = self._secret(
            "MetricsSecret",
            secrets.SecretStringGenerator(password_length=48, exclude_punctuation=True),
        )
        self.bucket = file_bucket(self, config)
        self.queues: dict[str, sqs.Queue] = {}
        self.dead_letters: dict[str, sqs.Queue] = {}
        for name in QUEUES:
            self.queues[name], self.dead_letters[name] = queue_with_dead_letters(self, name)

    def _secret(self, name: str, generator: secrets.SecretStringGenerator) -> secrets.Secret:
        secret = secrets.Secret(
            self,
            name,
            generate_secret_string=generator,
            removal_policy=removal_of(self._config),
        )
        accept(
            secret,
            "No service knows how to change it: it is changed by hand, as the README tells.",
            "AwsSolutions-SMG4",
        )
        return secret
