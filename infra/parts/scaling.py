"""How many tasks there are: the web's by load, a worker's by what waits in its queue."""

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
"""Of one web task: ten a second, far below what its 16 threads answer."""
OUT_SECONDS = 60
IN_SECONDS = 300
"""A task more costs little, one too few makes people wait: out at once, in slowly."""
BACKLOG_PER_TASK = "(visible + hidden) / IF(running > 0, running, 1)"
"""Messages that wait or are worked on, for each task that runs; for one where none does yet.
What is not known yet stays unknown: filled with 0, the newest minute would hide every backlog."""


def scale_web(
    service: ecs.FargateService, tasks: Tasks, target_group: balancing.ApplicationTargetGroup
) -> None:
    """By processor and by requests, whichever asks for more."""
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
    """So that about `per_task` messages wait for each task.

    CDK's own construct takes no metric math, hence CloudFormation's.
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
                metrics=_backlog_per_task(service, queue)
            ),
        ),
    )


def _backlog_per_task(
    service: ecs.FargateService, queue: sqs.IQueue
) -> list[Policy.TargetTrackingMetricDataQueryProperty]:
    of_queue = {"QueueName": queue.queue_name}
    of_service = {
        "ClusterName": service.cluster.cluster_name,
        "ServiceName": service.service_name,
    }
    messages = "ApproximateNumberOfMessages"
    return [
        _query("visible", "AWS/SQS", f"{messages}Visible", of_queue),
        _query("hidden", "AWS/SQS", f"{messages}NotVisible", of_queue),
        _query("running", "ECS/ContainerInsights", "RunningTaskCount", of_service),
        Policy.TargetTrackingMetricDataQueryProperty(
            id="backlog", expression=BACKLOG_PER_TASK, return_data=True
        ),
    ]


def _query(
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
