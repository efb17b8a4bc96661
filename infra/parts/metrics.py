"""The numbers that alarms and the dashboard go by."""

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
    """Of one environment."""

    data: "DataStack"
    edge: "EdgeStack"
    service: "ServiceStack"

    def waiting(self, queue: str) -> watch.Metric:
        """Messages that no worker has taken yet."""
        return self.data.queues[queue].metric_approximate_number_of_messages_visible(period=MINUTE)

    def oldest(self, queue: str) -> watch.Metric:
        """Seconds since the oldest message came."""
        return self.data.queues[queue].metric_approximate_age_of_oldest_message(period=FIVE_MINUTES)

    def done(self, queue: str) -> watch.Metric:
        """Messages that were worked on to the end."""
        return self.data.queues[queue].metric_number_of_messages_deleted(period=FIVE_MINUTES)

    def dead_letters(self, queue: str) -> watch.Metric:
        """Messages that were given up."""
        return self.data.dead_letters[queue].metric_approximate_number_of_messages_visible(
            period=FIVE_MINUTES
        )

    def running(self, name: str) -> watch.Metric:
        """Tasks of the web server or of a queue's worker, as Container Insights counts them."""
        service = self._service(name)
        return watch.Metric(
            namespace="ECS/ContainerInsights",
            metric_name="RunningTaskCount",
            dimensions_map={
                "ClusterName": service.cluster.cluster_name,
                "ServiceName": service.service_name,
            },
            period=MINUTE,
        )

    def cpu(self, name: str) -> watch.Metric:
        """Per cent of what its tasks have."""
        return self._service(name).metric_cpu_utilization(period=FIVE_MINUTES)

    def requests(self) -> watch.Metric:
        """What reached the web server."""
        return self.edge.load_balancer.metrics.request_count(period=FIVE_MINUTES)

    def web_errors(self) -> watch.Metric:
        """Answers with 5xx by the web server itself."""
        return self.edge.target_group.metrics.http_code_target(
            balancing.HttpCodeTarget.TARGET_5XX_COUNT, period=FIVE_MINUTES
        )

    def edge_errors(self) -> watch.Metric:
        """Per cent of answers with 5xx, whoever gave them."""
        # CDK's own metric leaves out the region, and stands for nothing without it.
        return watch.Metric(
            namespace="AWS/CloudFront",
            metric_name="5xxErrorRate",
            dimensions_map={
                "DistributionId": self.edge.distribution.distribution_id,
                "Region": "Global",
            },
            period=FIVE_MINUTES,
        )

    def slow(self) -> watch.Metric:
        """Seconds that 95 of 100 requests took at most."""
        return self.edge.target_group.metrics.target_response_time(
            statistic="p95", period=FIVE_MINUTES
        )

    def healthy(self) -> watch.Metric:
        """Web tasks that the load balancer sends requests to."""
        return self.edge.target_group.metrics.healthy_host_count(statistic="Minimum", period=MINUTE)

    def failed_rotations(self, function: str) -> watch.Metric:
        """Tries of one of AWS's functions that change passwords."""
        return watch.Metric(
            namespace="AWS/Lambda",
            metric_name="Errors",
            dimensions_map={"FunctionName": function},
            statistic="Sum",
            period=FIVE_MINUTES,
        )

    def free_storage(self) -> watch.Metric:
        """Bytes."""
        return self.data.database.metric_free_storage_space(period=FIVE_MINUTES)

    def connections(self) -> watch.Metric:
        """To the database."""
        return self.data.database.metric_database_connections(period=FIVE_MINUTES)

    def database_cpu(self) -> watch.Metric:
        """Per cent."""
        return self.data.database.metric_cpu_utilization(period=FIVE_MINUTES)

    def _service(self, name: str) -> ecs.FargateService:
        return self.service.web if name == "web" else self.service.workers[name]
