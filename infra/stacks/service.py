"""The services on Fargate: web server, a worker for each queue, and before them the migration."""

from typing import TYPE_CHECKING

from aws_cdk import Duration, Environment, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from constructs import Construct

from infra.config import QUEUES, Config, Tasks
from infra.parts import rights, scaling, tasks
from infra.parts.logs import add_log_group
from infra.parts.migration import MIGRATE, Migration
from infra.parts.refresh import WeeklyRefresh

if TYPE_CHECKING:
    from infra.stacks.data import DataStack
    from infra.stacks.edge import EdgeStack
    from infra.stacks.network import NetworkStack

WEB = "web"
MIGRATION_SIZE = Tasks(cpu=512, memory=1024, least=1, most=1)
ON_DEMAND, SPOT = "FARGATE", "FARGATE_SPOT"


class ServiceStack(Stack):
    """One release of the platform, identified by its image's digest.

    Attributes:
        cluster: the cluster of all tasks.
        web: the service behind the load balancer.
        workers: a service for each queue, by the queue's name.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: Config,
        network: "NetworkStack",
        data: "DataStack",
        edge: "EdgeStack",
        repository: ecr.IRepository,
        digest: str,
    ) -> None:
        super().__init__(scope, construct_id, env=Environment(region=config.region))
        self._config = config
        self._network = network
        self._data = data
        self._edge = edge
        self._program = tasks.Program(
            config=config,
            image=tasks.get_image(repository, digest),
            environment=tasks.build_environment(config, network=network, data=data, edge=edge),
        )
        self.cluster = self._add_cluster()
        self._capacity = ecs.CfnClusterCapacityProviderAssociations(
            self,
            "Capacity",
            cluster=self.cluster.cluster_name,
            capacity_providers=[ON_DEMAND, SPOT],
            default_capacity_provider_strategy=[],
        )
        self.web = self._add_web()
        self.workers = {queue: self._add_worker(queue) for queue in QUEUES}
        services = {WEB: self.web, **self.workers}
        migration = self._add_migration()
        for service in services.values():
            starts = service.task_definition.obtain_execution_role()
            service.node.add_dependency(starts, migration.run)
        WeeklyRefresh(self, "WeeklyRefresh", services=services)

    def _add_cluster(self) -> ecs.Cluster:
        """Add the cluster. Container Insights counts running tasks, for scaling and alarms."""
        name = self._config.prefix
        cluster = ecs.Cluster(
            self,
            "Cluster",
            cluster_name=name,
            vpc=self._network.vpc,
            container_insights_v2=ecs.ContainerInsights.ENABLED,
        )
        # Without it AWS creates a log group that outlives the cluster.
        insights = f"/aws/ecs/containerinsights/{name}/performance"
        cluster.node.add_dependency(add_log_group(self, "InsightsLog", self._config, name=insights))
        return cluster

    def _add_web(self) -> ecs.FargateService:
        size = self._config.web
        definition = self._add_task_definition(WEB, size)
        network = self._network
        rights.grant_rights(rights.WEB, definition, config=self._config, data=self._data)
        service = ecs.FargateService(
            self,
            "Web",
            cluster=self.cluster,
            task_definition=definition,
            vpc_subnets=network.outward,
            security_groups=self._find_groups(web=network.web_group, outward=network.outward_group),
            assign_public_ip=False,
            min_healthy_percent=100,
            max_healthy_percent=200,
            circuit_breaker=ecs.DeploymentCircuitBreaker(rollback=True),
            health_check_grace_period=Duration.seconds(90),
        )
        service.attach_to_application_target_group(self._edge.target_group)
        scaling.scale_web(service, size, self._edge.target_group)
        return service

    def _add_worker(self, queue: str) -> ecs.FargateService:
        """Add a worker: its least tasks on demand, others Spot, as interrupted jobs are retried."""
        name, size = queue.title(), self._config.workers[queue]
        definition = self._add_task_definition(f"worker-{queue}", size)
        network, own = self._network, rights.WORKERS[queue]
        rights.grant_rights(own, definition, config=self._config, data=self._data)
        groups = {queue: network.workers_group}
        if own.goes_out:
            groups[f"{queue}-outward"] = network.outward_group
        service = ecs.FargateService(
            self,
            name,
            cluster=self.cluster,
            task_definition=definition,
            vpc_subnets=network.outward if own.goes_out else network.inner,
            security_groups=self._find_groups(**groups),
            assign_public_ip=False,
            min_healthy_percent=50,
            max_healthy_percent=200,
            circuit_breaker=ecs.DeploymentCircuitBreaker(rollback=True),
            capacity_provider_strategies=[
                ecs.CapacityProviderStrategy(
                    capacity_provider=ON_DEMAND, base=size.least, weight=0
                ),
                ecs.CapacityProviderStrategy(capacity_provider=SPOT, weight=1),
            ],
        )
        # Without this the association is deleted while the service still uses it.
        service.node.add_dependency(self._capacity)
        scaling.scale_worker(
            self,
            name,
            service=service,
            tasks=size,
            queue=self._data.queues[queue],
            per_task=self._config.backlog_per_task[queue],
        )
        return service

    def _add_migration(self) -> Migration:
        return Migration(
            self,
            "Migration",
            config=self._config,
            cluster=self.cluster,
            definition=self._add_task_definition(MIGRATE, MIGRATION_SIZE),
            network=self._network,
        )

    def _add_task_definition(self, command: str, size: Tasks) -> ecs.FargateTaskDefinition:
        return tasks.add_task_definition(
            self, self._program, command=command, size=size, data=self._data
        )

    def _find_groups(self, **groups: ec2.ISecurityGroup) -> list[ec2.ISecurityGroup]:
        """Return the groups by their ids only, because the network's stack holds their rules."""
        return [
            ec2.SecurityGroup.from_security_group_id(
                self, f"{name.title()}Group", group.security_group_id, mutable=False
            )
            for name, group in groups.items()
        ]
