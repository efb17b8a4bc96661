"""Groups of log lines: always made by us, because those that AWS makes are kept for ever."""

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
"""CloudWatch knows only some numbers of days."""


def log_group(
    scope: Construct, construct_id: str, config: Config, *, name: str | None = None
) -> logs.LogGroup:
    """Keeps lines for the environment's days, and goes with its stack."""
    return logs.LogGroup(
        scope,
        construct_id,
        log_group_name=name,
        retention=RETENTION[config.log_days],
        removal_policy=RemovalPolicy.DESTROY,
    )
