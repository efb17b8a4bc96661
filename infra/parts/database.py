"""The PostgreSQL server and the secrets that lead to it."""

from typing import TYPE_CHECKING, cast

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_rds as rds
from aws_cdk import aws_secretsmanager as secrets
from constructs import Construct

from infra.config import Config
from infra.parts.accepted import accept
from infra.parts.logs import log_group
from infra.parts.removal import removal_of

if TYPE_CHECKING:
    from infra.stacks.network import NetworkStack

ENGINE = rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_17)
"""Without a minor version: AWS takes those up by itself."""
NAME = "vanish"
ADMIN, APPLICATION = "vanish_admin", "vanish"
ROTATED_AFTER = Duration.days(30)
LOGS = ("postgresql", "upgrade")


class Database(Construct):
    """Reached from within the network, over TLS, with passwords that change every 30 days.

    Attributes:
        instance: the server.
        admin_secret: of who may make users; for the migration alone.
        application_secret: of `vanish` or `vanish_clone`, whose passwords change in turn: who
            still has the one of before goes on working until the next change.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, config: Config, network: "NetworkStack"
    ) -> None:
        super().__init__(scope, construct_id)
        self._config = config
        self._network = network
        self._removal = RemovalPolicy.RETAIN if config.keeps_data else RemovalPolicy.DESTROY
        admin = self._secret("AdminSecret", ADMIN)
        self.instance = self._instance(admin)
        # Attached by the server itself, which writes its address into it.
        self.admin_secret = cast(secrets.ISecret, self.instance.secret)
        application = self._secret("ApplicationSecret", APPLICATION, admin)
        self.application_secret = application.attach(self.instance)
        self._rotate()
        self._accept_findings()

    def _secret(
        self, name: str, user: str, admin: secrets.ISecret | None = None
    ) -> rds.DatabaseSecret:
        secret = rds.DatabaseSecret(self, name, username=user, dbname=NAME, master_secret=admin)
        secret.apply_removal_policy(removal_of(self._config))
        return secret

    def _instance(self, admin: secrets.ISecret) -> rds.DatabaseInstance:
        size, keeps = self._config.database, self._config.keeps_data
        # RDS makes these groups by itself where they are missing, and keeps them for ever.
        groups = [
            log_group(self, f"{name.title()}Log", self._config, name=self._log_name(name))
            for name in LOGS
        ]
        instance = rds.DatabaseInstance(
            self,
            "Server",
            instance_identifier=self._config.prefix,
            engine=ENGINE,
            instance_type=ec2.InstanceType(size.instance),
            database_name=NAME,
            credentials=rds.Credentials.from_secret(admin, ADMIN),
            vpc=self._network.vpc,
            vpc_subnets=self._network.inner,
            security_groups=[self._network.database_group],
            publicly_accessible=False,
            multi_az=size.is_multi_az,
            storage_type=rds.StorageType.GP3,
            storage_encrypted=True,
            allocated_storage=size.storage,
            max_allocated_storage=size.most_storage,
            parameter_group=self._parameters(),
            ca_certificate=rds.CaCertificate.RDS_CA_RSA2048_G1,
            backup_retention=Duration.days(size.backup_days),
            delete_automated_backups=not keeps,
            deletion_protection=keeps,
            removal_policy=self._removal,
            auto_minor_version_upgrade=True,
            cloudwatch_logs_exports=list(LOGS),
        )
        instance.node.add_dependency(*groups)
        return instance

    def _log_name(self, name: str) -> str:
        return f"/aws/rds/instance/{self._config.prefix}/{name}"

    def _parameters(self) -> rds.ParameterGroup:
        return rds.ParameterGroup(
            self,
            "Parameters",
            engine=ENGINE,
            description="No connection without TLS",
            parameters={"rds.force_ssl": "1"},
        )

    def _rotate(self) -> None:
        """By AWS's own functions, which stand in the network like the database."""
        kinds, network = secrets.HostedRotation, self._network
        admin = kinds.postgre_sql_single_user(
            function_name=self._function("rotate-admin"),
            vpc=network.vpc,
            vpc_subnets=network.inner,
            security_groups=[network.rotation_group],
        )
        application = kinds.postgre_sql_multi_user(
            master_secret=self.admin_secret,
            function_name=self._function("rotate-application"),
            vpc=network.vpc,
            vpc_subnets=network.inner,
            security_groups=[network.rotation_group],
        )
        for secret, rotation in (
            (self.admin_secret, admin),
            (self.application_secret, application),
        ):
            secret.add_rotation_schedule(
                "Rotation",
                hosted_rotation=rotation,
                automatically_after=ROTATED_AFTER,
                # Before the first migration there is no application's user to change.
                rotate_immediately_on_update=False,
            )

    def _function(self, name: str) -> str:
        """The function's name, for which its group of log lines is made beforehand."""
        function = f"{self._config.prefix}-{name}"
        construct_id = f"{name.title().replace('-', '')}Log"
        log_group(self, construct_id, self._config, name=f"/aws/lambda/{function}")
        return function

    def _accept_findings(self) -> None:
        accept(
            self.instance,
            "Nothing of the internet reaches it: another port would hide it from nobody.",
            "AwsSolutions-RDS11",
        )
        if not self._config.keeps_data:
            accept(
                self.instance,
                "An environment to try things in, which goes with all that it has.",
                "AwsSolutions-RDS3",
                "AwsSolutions-RDS10",
            )
