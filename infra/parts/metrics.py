"""The metrics of the alarms and the dashboard."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as watch
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as balancing

if TYPE_CHECKING:
    from infra.stacks.data import DataStack
    from infra.stacks.edge import EdgeStack
    from infra.stacks.service import ServiceStack

MINUTE, FIVE_MINUTES = Duration.minutes(1), Duration.minutes(5)


@dataclass(frozen=True)
class Metrics:
    """The metrics of one environment."""

    data: "DataStack"
    edge: "EdgeStack"
    service: "ServiceStack"

    def count_waiting(self, queue: str) -> watch.Metric:
        """Return the number of messages that no worker has received yet."""
        return self.data.queues[queue].metric_approximate_number_of_messages_visible(period=MINUTE)

    def measure_oldest_age(self, queue: str) -> watch.Metric:
        """Return the age of the oldest message, in seconds."""
        return self.data.queues[queue].metric_approximate_age_of_oldest_message(period=FIVE_MINUTES)

    def count_finished(self, queue: str) -> watch.Metric:
        """Return the number of messages whose work has ended."""
        return self.data.queues[queue].metric_number_of_messages_deleted(period=FIVE_MINUTES)

    def count_dead_letters(self, queue: str) -> watch.Metric:
        """Return the number of messages that were given up."""
        return self.data.dead_letters[queue].metric_approximate_number_of_messages_visible(
            period=FIVE_MINUTES
        )

    def count_running_tasks(self, name: str) -> watch.Metric:
        """Return the number of tasks of the web server or of a queue's worker."""
        service = self._find_service(name)
        return watch.Metric(
            namespace="ECS/ContainerInsights",
            metric_name="RunningTaskCount",
            dimensions_map={
                "ClusterName": service.cluster.cluster_name,
                "ServiceName": service.service_name,
            },
            period=MINUTE,
        )

    def measure_cpu(self, name: str) -> watch.Metric:
        """Return the CPU use of its tasks, in per cent."""
        return self._find_service(name).metric_cpu_utilization(period=FIVE_MINUTES)

    def count_requests(self) -> watch.Metric:
        """Return the number of requests to the web server."""
        return self.edge.load_balancer.metrics.request_count(period=FIVE_MINUTES)

    def count_web_errors(self) -> watch.Metric:
        """Return the number of 5xx responses of the web server itself."""
        return self.edge.target_group.metrics.http_code_target(
            balancing.HttpCodeTarget.TARGET_5XX_COUNT, period=FIVE_MINUTES
        )

    def measure_edge_errors(self) -> watch.Metric:
        """Return the share of 5xx responses from anywhere behind CloudFront, in per cent."""
        # CDK's own metric lacks the region, without which CloudWatch has no data.
        return watch.Metric(
            namespace="AWS/CloudFront",
            metric_name="5xxErrorRate",
            dimensions_map={
                "DistributionId": self.edge.distribution.distribution_id,
                "Region": "Global",
            },
            period=FIVE_MINUTES,
        )

    def measure_response_time(self) -> watch.Metric:
        """Return the 95th percentile of the response time, in seconds."""
        return self.edge.target_group.metrics.target_response_time(
            statistic="p95", period=FIVE_MINUTES
        )

    def count_healthy_tasks(self) -> watch.Metric:
        """Return the number of web tasks that the load balancer sends requests to."""
        return self.edge.target_group.metrics.healthy_host_count(statistic="Minimum", period=MINUTE)

    def count_rotation_errors(self, function: str) -> watch.Metric:
        """Return the number of failed calls of a function that changes a password."""
        return watch.Metric(
            namespace="AWS/Lambda",
            metric_name="Errors",
            dimensions_map={"FunctionName": function},
            statistic="Sum",
            period=FIVE_MINUTES,
        )

    def measure_free_storage(self) -> watch.Metric:
        """Return the free storage of the database, in bytes."""
        return self.data.database.metric_free_storage_space(period=FIVE_MINUTES)

    def count_connections(self) -> watch.Metric:
        """Return the number of connections to the database."""
        return self.data.database.metric_database_connections(period=FIVE_MINUTES)

    def measure_database_cpu(self) -> watch.Metric:
        """Return the CPU use of the database, in per cent."""
        return self.data.database.metric_cpu_utilization(period=FIVE_MINUTES)

    def _find_service(self, name: str) -> ecs.FargateService:
        return self.service.web if name == "web" else self.service.workers[name]
