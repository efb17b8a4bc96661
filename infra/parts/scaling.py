"""Auto scaling: the web server by load, a worker by the backlog of its queue."""

from aws_cdk import Duration
from aws_cdk import aws_applicationautoscaling as scaling
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as balancing
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.config import Tasks

Policy = scaling.CfnScalingPolicy

CPU_PERCENT = 50
REQUESTS_PER_MINUTE = 600
"""Target for one web task: ten a second, far below what its 16 threads can serve."""
OUT_SECONDS = 60
IN_SECONDS = 300
"""Scale out fast and in slowly: one task too many costs little, one too few makes users wait."""
BACKLOG_PER_TASK = "(visible + hidden) / IF(running > 0, running, 1)"
"""Messages, waiting or in work, for each running task, or for one if none runs.
Missing data stay missing: filled with 0, the newest minute would hide every backlog."""


def scale_web(
    service: ecs.FargateService, tasks: Tasks, target_group: balancing.ApplicationTargetGroup
) -> None:
    """Scale by CPU and by requests, whichever needs more tasks."""
    count = service.auto_scale_task_count(min_capacity=tasks.least, max_capacity=tasks.most)
    count.scale_on_cpu_utilization(
        "Cpu",
        target_utilization_percent=CPU_PERCENT,
        scale_out_cooldown=Duration.seconds(OUT_SECONDS),
        scale_in_cooldown=Duration.seconds(IN_SECONDS),
    )
    count.scale_on_request_count(
        "Requests",
        requests_per_target=REQUESTS_PER_MINUTE,
        target_group=target_group,
        scale_out_cooldown=Duration.seconds(OUT_SECONDS),
        scale_in_cooldown=Duration.seconds(IN_SECONDS),
    )


def scale_worker(
    scope: Construct,
    name: str,
    *,
    service: ecs.FargateService,
    tasks: Tasks,
    queue: sqs.IQueue,
    per_task: int,
) -> None:
    """Scale to about `per_task` messages for each task.

    CDK's own construct does not support metric math, so this uses CloudFormation's.
    """
    cluster = service.cluster.cluster_name
    target = scaling.CfnScalableTarget(
        scope,
        f"{name}Tasks",
        service_namespace="ecs",
        scalable_dimension="ecs:service:DesiredCount",
        resource_id=f"service/{cluster}/{service.service_name}",
        min_capacity=tasks.least,
        max_capacity=tasks.most,
    )
    Policy(
        scope,
        f"{name}Backlog",
        policy_name="backlog",
        policy_type="TargetTrackingScaling",
        scaling_target_id=target.ref,
        target_tracking_scaling_policy_configuration=Policy.TargetTrackingScalingPolicyConfigurationProperty(
            target_value=per_task,
            scale_out_cooldown=OUT_SECONDS,
            scale_in_cooldown=IN_SECONDS,
            customized_metric_specification=Policy.CustomizedMetricSpecificationProperty(
                metrics=_build_backlog_metrics(service, queue)
            ),
        ),
    )


def _build_backlog_metrics(
    service: ecs.FargateService, queue: sqs.IQueue
) -> list[Policy.TargetTrackingMetricDataQueryProperty]:
    queue_dimensions = {"QueueName": queue.queue_name}
    service_dimensions = {
        "ClusterName": service.cluster.cluster_name,
        "ServiceName": service.service_name,
    }
    messages = "ApproximateNumberOfMessages"
    return [
        _build_query("visible", "AWS/SQS", f"{messages}Visible", queue_dimensions),
        _build_query("hidden", "AWS/SQS", f"{messages}NotVisible", queue_dimensions),
        _build_query("running", "ECS/ContainerInsights", "RunningTaskCount", service_dimensions),
        Policy.TargetTrackingMetricDataQueryProperty(
            id="backlog", expression=BACKLOG_PER_TASK, return_data=True
        ),
    ]


def _build_query(
    name: str, namespace: str, metric: str, dimensions: dict[str, str]
) -> Policy.TargetTrackingMetricDataQueryProperty:
    return Policy.TargetTrackingMetricDataQueryProperty(
        id=name,
        return_data=False,
        metric_stat=Policy.TargetTrackingMetricStatProperty(
            stat="Average",
            metric=Policy.TargetTrackingMetricProperty(
                namespace=namespace,
                metric_name=metric,
                dimensions=[
                    Policy.TargetTrackingMetricDimensionProperty(name=dimension, value=value)
                    for dimension, value in dimensions.items()
                ],
            ),
        ),
    )
