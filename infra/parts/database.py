"""The PostgreSQL server and its secrets."""

from typing import TYPE_CHECKING, cast

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_rds as rds
from aws_cdk import aws_secretsmanager as secrets
from constructs import Construct

from infra.config import Config
from infra.parts.findings import accept
from infra.parts.logs import add_log_group
from infra.parts.removal_policy import choose_removal_policy

if TYPE_CHECKING:
    from infra.stacks.network import NetworkStack

ENGINE = rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_17)
"""Without a minor version, because AWS upgrades those by itself."""
NAME = "vanish"
ADMIN, APPLICATION = "vanish_admin", "vanish"
ROTATION_INTERVAL = Duration.days(30)
LOGS = ("postgresql", "upgrade")


class Database(Construct):
    """The server: reached from the network over TLS only; passwords change every 30 days.

    Attributes:
        instance: the server.
        admin_secret: of the user who may create users; only the migration reads it.
        application_secret: of `vanish` or `vanish_clone`, whose passwords change in turn: the
            earlier user and password stay valid until the next change.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, config: Config, network: "NetworkStack"
    ) -> None:
        super().__init__(scope, construct_id)
        self._config = config
        self._network = network
        self._removal_policy = RemovalPolicy.RETAIN if config.keeps_data else RemovalPolicy.DESTROY
        admin = self._add_secret("AdminSecret", ADMIN)
        self.instance = self._add_instance(admin)
        # The server attaches the secret itself and writes its address into it.
        self.admin_secret = cast(secrets.ISecret, self.instance.secret)
        application = self._add_secret("ApplicationSecret", APPLICATION, admin)
        self.application_secret = application.attach(self.instance)
        self._add_rotation()
        self._accept_findings()

    def _add_secret(
        self, name: str, user: str, admin: secrets.ISecret | None = None
    ) -> rds.DatabaseSecret:
        secret = rds.DatabaseSecret(self, name, username=user, dbname=NAME, master_secret=admin)
        secret.apply_removal_policy(choose_removal_policy(self._config))
        return secret

    def _add_instance(self, admin: secrets.ISecret) -> rds.DatabaseInstance:
        size, keeps_data = self._config.database, self._config.keeps_data
        # Without these log groups RDS creates its own, which never expire.
        groups = [
            add_log_group(
                self, f"{name.title()}Log", self._config, name=self._format_log_name(name)
            )
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
            parameter_group=self._add_parameter_group(),
            ca_certificate=rds.CaCertificate.RDS_CA_RSA2048_G1,
            backup_retention=Duration.days(size.backup_days),
            delete_automated_backups=not keeps_data,
            deletion_protection=keeps_data,
            removal_policy=self._removal_policy,
            auto_minor_version_upgrade=True,
            cloudwatch_logs_exports=list(LOGS),
        )
        instance.node.add_dependency(*groups)
        return instance

    def _format_log_name(self, name: str) -> str:
        return f"/aws/rds/instance/{self._config.prefix}/{name}"

    def _add_parameter_group(self) -> rds.ParameterGroup:
        return rds.ParameterGroup(
            self,
            "Parameters",
            engine=ENGINE,
            description="No connection without TLS",
            parameters={"rds.force_ssl": "1"},
        )

    def _add_rotation(self) -> None:
        """Change the passwords by AWS's own functions, which run in the network."""
        kinds, network = secrets.HostedRotation, self._network
        admin = kinds.postgre_sql_single_user(
            function_name=self._prepare_function("rotate-admin"),
            vpc=network.vpc,
            vpc_subnets=network.inner,
            security_groups=[network.rotation_group],
        )
        application = kinds.postgre_sql_multi_user(
            master_secret=self.admin_secret,
            function_name=self._prepare_function("rotate-application"),
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
                automatically_after=ROTATION_INTERVAL,
                # Before the first migration the application's user does not exist.
                rotate_immediately_on_update=False,
            )

    def _prepare_function(self, name: str) -> str:
        """Return the name of a rotation function, and add its log group beforehand."""
        function = f"{self._config.prefix}-{name}"
        construct_id = f"{name.title().replace('-', '')}Log"
        add_log_group(self, construct_id, self._config, name=f"/aws/lambda/{function}")
        return function

    def _accept_findings(self) -> None:
        accept(
            self.instance,
            "The internet cannot reach it: another port would not make it safer.",
            "AwsSolutions-RDS11",
        )
        if not self._config.keeps_data:
            accept(
                self.instance,
                "A test environment, which is destroyed with all its data.",
                "AwsSolutions-RDS3",
                "AwsSolutions-RDS10",
            )
