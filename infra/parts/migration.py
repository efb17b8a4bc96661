"""The migration: a task that every deployment runs, and that all services wait for."""

from pathlib import Path
from typing import TYPE_CHECKING

from aws_cdk import CfnElement, CustomResource, Duration, Stack, custom_resources
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambdas
from constructs import Construct, IConstruct

from infra.config import Config
from infra.parts.accepted import accept
from infra.parts.logs import log_group

if TYPE_CHECKING:
    from infra.stacks.network import NetworkStack

CODE = Path(__file__).parents[1] / "lambdas"
RUNTIME = lambdas.Runtime.PYTHON_3_14
BASIC_POLICY = "arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
FRAMEWORK = ("isComplete", "onTimeout")
"""Functions of the framework that its waiter calls."""
LONGEST = Duration.hours(1)
MIGRATE = "migrate"
"""The command, its container and its log."""


class Migration(Construct):
    """Runs the task when its definition is new, which it is with every image.

    The deployment fails, and goes back to the release before, where the task does not end well.

    Attributes:
        run: what has to be waited for.
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
            service_token=self._provider(cluster, definition).service_token,
            resource_type="Custom::Migration",
            properties={
                "Cluster": cluster.cluster_arn,
                "TaskDefinition": definition.task_definition_arn,
                "Subnets": _ids(network),
                "SecurityGroups": [network.workers_group.security_group_id],
                "Container": MIGRATE,
                "LogGroup": f"/{config.prefix}/{MIGRATE}",
                "LogStreams": f"{MIGRATE}/{MIGRATE}",
            },
        )
        # With their policies: the task runs at once.
        self.run.node.add_dependency(definition.obtain_execution_role(), definition.task_role)

    def _provider(
        self, cluster: ecs.Cluster, definition: ecs.FargateTaskDefinition
    ) -> custom_resources.Provider:
        starter, looker = self._starter(cluster, definition), self._looker()
        provider = custom_resources.Provider(
            self,
            "Provider",
            on_event_handler=starter,
            is_complete_handler=looker,
            query_interval=Duration.seconds(10),
            total_timeout=LONGEST,
            log_group=log_group(self, "ProviderLog", self._config),
            disable_waiter_state_machine_logging=True,
        )
        framework = (provider.node.find_child(f"framework-{name}") for name in FRAMEWORK)
        accept(
            provider,
            "CDK's own framework: it writes logs, and calls every version of these functions.",
            f"AwsSolutions-IAM4[Policy::{BASIC_POLICY}]",
            *(_calls(function) for function in (starter, looker, *framework)),
        )
        accept(
            provider,
            "CDK's own waiter only calls a function again and again, which logs each call.",
            "AwsSolutions-SF1",
            "AwsSolutions-SF2",
        )
        return provider

    def _starter(
        self, cluster: ecs.Cluster, definition: ecs.FargateTaskDefinition
    ) -> lambdas.Function:
        """May start every revision: a right as new as the revision might not hold yet."""
        revisions = ("task-definition", f"{self._config.prefix}-{MIGRATE}:*")
        roles = [definition.task_role.role_arn, definition.obtain_execution_role().role_arn]
        start = iam.PolicyStatement(
            actions=["ecs:RunTask"],
            resources=[self._arn(*revisions)],
            conditions={"ArnEquals": {"ecs:cluster": cluster.cluster_arn}},
        )
        hand_over = iam.PolicyStatement(
            actions=["iam:PassRole"],
            resources=roles,
            conditions={"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
        )
        return self._function("on_event", revisions, start, hand_over)

    def _looker(self) -> lambdas.Function:
        """Tasks have random names: it may look at all of this cluster."""
        tasks = ("task", f"{self._config.prefix}/*")
        look = iam.PolicyStatement(
            actions=["ecs:DescribeTasks"],
            resources=[self._arn(*tasks)],
        )
        return self._function("is_complete", tasks, look)

    def _function(
        self, handler: str, several: tuple[str, str], *rights: iam.PolicyStatement
    ) -> lambdas.Function:
        """With these rights, of which one is on several things."""
        name = handler.title().replace("_", "")
        log = log_group(self, f"{name}Log", self._config)
        service = iam.ServicePrincipal("lambda.amazonaws.com")
        role = iam.Role(self, f"{name}Role", assumed_by=service)
        log.grant_write(role)
        for right in rights:
            role.add_to_policy(right)
        accept(role, "One task, under a name that AWS makes up.", self._finding(*several))
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

    def _arn(self, resource: str, name: str) -> str:
        return Stack.of(self).format_arn(service="ecs", resource=resource, resource_name=name)

    def _finding(self, resource: str, name: str) -> str:
        ours = f"arn:<AWS::Partition>:ecs:{self._config.region}:<AWS::AccountId>"
        return f"AwsSolutions-IAM5[Resource::{ours}:{resource}/{name}]"


def _calls(function: IConstruct) -> str:
    resource = function.node.default_child
    assert isinstance(resource, CfnElement)  # noqa: S101  a function's first part is CloudFormation's
    return f"AwsSolutions-IAM5[Resource::<{Stack.of(function).get_logical_id(resource)}.Arn>:*]"


def _ids(network: "NetworkStack") -> list[str]:
    inner = network.vpc.select_subnets(subnet_group_name=network.inner.subnet_group_name)
    return list(inner.subnet_ids)
