"""A weekly restart of every service: with rotated credentials, on a patched platform."""

from collections.abc import Mapping

from aws_cdk import Duration, Stack, TimeZone
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as targets
from constructs import Construct


class WeeklyRefresh(Construct):
    """A forced rolling deployment of each service, on Tuesday between 4 and 5 UTC.

    The earlier user of the database stays valid until the next rotation, 30 days later: by then
    no process uses it any more.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, services: Mapping[str, ecs.FargateService]
    ) -> None:
        super().__init__(scope, construct_id)
        condition = {"StringEquals": {"aws:SourceAccount": Stack.of(self).account}}
        schedules = iam.ServicePrincipal("scheduler.amazonaws.com", conditions=condition)
        role = iam.Role(self, "Role", assumed_by=schedules)
        for name, service in services.items():
            scheduler.Schedule(
                self,
                name.title(),
                schedule=scheduler.ScheduleExpression.cron(
                    week_day="TUE", hour="4", minute="0", time_zone=TimeZone.ETC_UTC
                ),
                time_window=scheduler.TimeWindow.flexible(Duration.minutes(60)),
                target=_build_target(service, role),
            )


def _build_target(service: ecs.FargateService, role: iam.Role) -> targets.Universal:
    return targets.Universal(
        service="ecs",
        action="updateService",
        input=scheduler.ScheduleTargetInput.from_object(
            {
                "Cluster": service.cluster.cluster_name,
                "Service": service.service_name,
                "ForceNewDeployment": True,
            }
        ),
        role=role,
        policy_statements=[
            iam.PolicyStatement(actions=["ecs:UpdateService"], resources=[service.service_arn])
        ],
        retry_attempts=3,
    )
