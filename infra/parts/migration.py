"""The migration: a task that every deployment runs before any service starts."""

from pathlib import Path
from typing import TYPE_CHECKING

from aws_cdk import CfnElement, CustomResource, Duration, Stack, custom_resources
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambdas
from constructs import Construct, IConstruct

from infra.config import Config
from infra.parts.findings import accept
from infra.parts.logs import add_log_group

if TYPE_CHECKING:
    from infra.stacks.network import NetworkStack

CODE = Path(__file__).parents[1] / "lambdas"
RUNTIME = lambdas.Runtime.PYTHON_3_14
BASIC_POLICY = "arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
FRAMEWORK = ("isComplete", "onTimeout")
"""Functions of CDK's provider framework that its waiter calls."""
LONGEST = Duration.hours(1)
MIGRATE = "migrate"
"""The name of the command, of its container and of its log."""


class Migration(Construct):
    """A custom resource that runs the task when its definition is new, as with every image.

    If the task fails, the deployment fails too, and CloudFormation restores the earlier release.

    Attributes:
        run: the custom resource that services must depend on.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: Config,
        cluster: ecs.Cluster,
        definition: ecs.FargateTaskDefinition,
        network: "NetworkStack",
    ) -> None:
        super().__init__(scope, construct_id)
        self._config = config
        self.run = CustomResource(
            self,
            "Run",
            service_token=self._add_provider(cluster, definition).service_token,
            resource_type="Custom::Migration",
            properties={
                "Cluster": cluster.cluster_arn,
                "TaskDefinition": definition.task_definition_arn,
                "Subnets": _list_subnet_ids(network),
                "SecurityGroups": [network.workers_group.security_group_id],
                "Container": MIGRATE,
                "LogGroup": f"/{config.prefix}/{MIGRATE}",
                "LogStreams": f"{MIGRATE}/{MIGRATE}",
            },
        )
        # The roles must have their policies before the task starts.
        self.run.node.add_dependency(definition.obtain_execution_role(), definition.task_role)

    def _add_provider(
        self, cluster: ecs.Cluster, definition: ecs.FargateTaskDefinition
    ) -> custom_resources.Provider:
        start, status = self._add_start_function(cluster, definition), self._add_status_function()
        provider = custom_resources.Provider(
            self,
            "Provider",
            on_event_handler=start,
            is_complete_handler=status,
            query_interval=Duration.seconds(10),
            total_timeout=LONGEST,
            log_group=add_log_group(self, "ProviderLog", self._config),
            disable_waiter_state_machine_logging=True,
        )
        framework = (provider.node.find_child(f"framework-{name}") for name in FRAMEWORK)
        accept(
            provider,
            "CDK's own framework: it writes logs, and may call every version of these functions.",
            f"AwsSolutions-IAM4[Policy::{BASIC_POLICY}]",
            *(_format_call_finding(function) for function in (start, status, *framework)),
        )
        accept(
            provider,
            "CDK's own waiter only calls a function repeatedly, which logs each call.",
            "AwsSolutions-SF1",
            "AwsSolutions-SF2",
        )
        return provider

    def _add_start_function(
        self, cluster: ecs.Cluster, definition: ecs.FargateTaskDefinition
    ) -> lambdas.Function:
        """Add the function that starts the task.

        It may start every revision: a new permission might not be active yet when it starts.
        """
        revisions = ("task-definition", f"{self._config.prefix}-{MIGRATE}:*")
        roles = [definition.task_role.role_arn, definition.obtain_execution_role().role_arn]
        start = iam.PolicyStatement(
            actions=["ecs:RunTask"],
            resources=[self._format_arn(*revisions)],
            conditions={"ArnEquals": {"ecs:cluster": cluster.cluster_arn}},
        )
        pass_roles = iam.PolicyStatement(
            actions=["iam:PassRole"],
            resources=roles,
            conditions={"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
        )
        return self._add_function("on_event", revisions, start, pass_roles)

    def _add_status_function(self) -> lambdas.Function:
        """Add the function that reads the state of the cluster's tasks, as names are random."""
        tasks = ("task", f"{self._config.prefix}/*")
        describe = iam.PolicyStatement(
            actions=["ecs:DescribeTasks"],
            resources=[self._format_arn(*tasks)],
        )
        return self._add_function("is_complete", tasks, describe)

    def _add_function(
        self, handler: str, several: tuple[str, str], *rights: iam.PolicyStatement
    ) -> lambdas.Function:
        """Add a function with these permissions, one of them on several resources."""
        name = handler.title().replace("_", "")
        log = add_log_group(self, f"{name}Log", self._config)
        service = iam.ServicePrincipal("lambda.amazonaws.com")
        role = iam.Role(self, f"{name}Role", assumed_by=service)
        log.grant_write(role)
        for right in rights:
            role.add_to_policy(right)
        accept(role, "One task, whose name AWS chooses.", self._format_finding(*several))
        return lambdas.Function(
            self,
            name,
            runtime=RUNTIME,
            code=lambdas.Code.from_asset(str(CODE), exclude=["__pycache__"]),
            handler=f"migration.{handler}",
            timeout=Duration.seconds(30),
            role=role,
            log_group=log,
        )

    def _format_arn(self, resource: str, name: str) -> str:
        return Stack.of(self).format_arn(service="ecs", resource=resource, resource_name=name)

    def _format_finding(self, resource: str, name: str) -> str:
        prefix = f"arn:<AWS::Partition>:ecs:{self._config.region}:<AWS::AccountId>"
        return f"AwsSolutions-IAM5[Resource::{prefix}:{resource}/{name}]"


def _format_call_finding(function: IConstruct) -> str:
    resource = function.node.default_child
    assert isinstance(resource, CfnElement)  # noqa: S101  a function's default child is CloudFormation's
    return f"AwsSolutions-IAM5[Resource::<{Stack.of(function).get_logical_id(resource)}.Arn>:*]"


def _list_subnet_ids(network: "NetworkStack") -> list[str]:
    inner = network.vpc.select_subnets(subnet_group_name=network.inner.subnet_group_name)
    return list(inner.subnet_ids)
