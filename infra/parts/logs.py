"""Log groups: always created by us, because those that AWS creates never expire."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.config import Config

RETENTION = {
    7: logs.RetentionDays.ONE_WEEK,
    30: logs.RetentionDays.ONE_MONTH,
    90: logs.RetentionDays.THREE_MONTHS,
    365: logs.RetentionDays.ONE_YEAR,
}
"""CloudWatch accepts only certain numbers of days."""


def add_log_group(
    scope: Construct, construct_id: str, config: Config, *, name: str | None = None
) -> logs.LogGroup:
    """Add a log group that keeps lines for `log_days` and is deleted with its stack."""
    return logs.LogGroup(
        scope,
        construct_id,
        log_group_name=name,
        retention=RETENTION[config.log_days],
        removal_policy=RemovalPolicy.DESTROY,
    )
