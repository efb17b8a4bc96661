"""Alarms, budget and dashboard."""

from typing import TYPE_CHECKING

from aws_cdk import Environment, Stack
from aws_cdk import aws_budgets as budgets
from aws_cdk import aws_cloudwatch as watch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.config import Config
from infra.parts.dashboard import add_dashboard
from infra.parts.metrics import Metrics

if TYPE_CHECKING:
    from infra.stacks.data import DataStack
    from infra.stacks.edge import EdgeStack
    from infra.stacks.service import ServiceStack

GIB = 2**30
OLDEST_SECONDS = {"edits": 600, "detection": 600, "housekeeping": 3600}
"""The highest age of a message; users wait for the first two queues."""
ABOVE = watch.ComparisonOperator.GREATER_THAN_THRESHOLD
BELOW = watch.ComparisonOperator.LESS_THAN_THRESHOLD
QUIET = watch.TreatMissingData.NOT_BREACHING
LOUD = watch.TreatMissingData.BREACHING


class WatchingStack(Stack):
    """Alarms and the budget, which mail one address, and the dashboard.

    Attributes:
        topic: every alarm publishes to it.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: Config,
        data: "DataStack",
        edge: "EdgeStack",
        service: "ServiceStack",
    ) -> None:
        super().__init__(scope, construct_id, env=Environment(region=config.region))
        self._config = config
        self.topic = self._add_topic()
        metrics = Metrics(data=data, edge=edge, service=service)
        self._add_queues_alarms(metrics)
        self._add_web_alarms(metrics)
        self._add_database_alarms(metrics)
        self._add_budget()
        add_dashboard(self, config=config, metrics=metrics)

    def _add_topic(self) -> sns.Topic:
        topic = sns.Topic(self, "Topic", enforce_ssl=True)
        # A custom policy replaces the default one, which allows the account's alarms.
        topic.add_to_resource_policy(
            iam.PolicyStatement(
                actions=["sns:Publish"],
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                resources=[topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": self.account}},
            )
        )
        topic.add_subscription(subscriptions.EmailSubscription(self._config.alert_email))
        return topic

    def _add_queues_alarms(self, metrics: Metrics) -> None:
        """Add alarms of the queues. Missing data are no alarm: SQS sends none for idle queues."""
        for queue, seconds in OLDEST_SECONDS.items():
            self._add_alarm(
                f"{queue}-dead-letters",
                f"A message of the queue {queue} was given up after three tries.",
                metrics.count_dead_letters(queue),
                threshold=0,
            )
            self._add_alarm(
                f"{queue}-waiting",
                f"The oldest message of the queue {queue} is older than {seconds} s.",
                metrics.measure_oldest_age(queue),
                threshold=seconds,
                periods=3,
            )

    def _add_web_alarms(self, metrics: Metrics) -> None:
        self._add_alarm(
            "web-errors",
            "The web server answered more than 10 requests in 5 minutes with an error.",
            metrics.count_web_errors(),
            threshold=10,
        )
        self._add_alarm(
            "edge-errors",
            "More than 5 % of what CloudFront answered were errors of ours.",
            metrics.measure_edge_errors(),
            threshold=5,
            periods=2,
        )
        self._add_alarm(
            "web-slow",
            "One request in twenty took more than 2 s.",
            metrics.measure_response_time(),
            threshold=2,
            periods=3,
        )
        self._add_alarm(
            "web-tasks",
            f"Fewer than {self._config.web.least} web tasks answer.",
            metrics.count_healthy_tasks(),
            threshold=self._config.web.least,
            periods=5,
            when=BELOW,
            missing=LOUD,
        )

    def _add_database_alarms(self, metrics: Metrics) -> None:
        database = self._config.database
        for secret in ("admin", "application"):
            self._add_alarm(
                f"rotate-{secret}",
                f"The password of the database's {secret} user was not changed.",
                metrics.count_rotation_errors(f"{self._config.prefix}-rotate-{secret}"),
                threshold=0,
            )
        self._add_alarm(
            "database-storage",
            "Less than a tenth of the first storage is free: it does not grow any more.",
            metrics.measure_free_storage(),
            threshold=database.storage * GIB // 10,
            when=BELOW,
        )
        self._add_alarm(
            "database-connections",
            f"More than {database.connections_alarm} connections.",
            metrics.count_connections(),
            threshold=database.connections_alarm,
            periods=3,
        )
        self._add_alarm(
            "database-cpu",
            "The database's processors are more than 80 % busy.",
            metrics.measure_database_cpu(),
            threshold=80,
            periods=3,
        )

    def _add_alarm(
        self,
        name: str,
        description: str,
        metric: watch.IMetric,
        *,
        threshold: float,
        periods: int = 1,
        when: watch.ComparisonOperator = ABOVE,
        missing: watch.TreatMissingData = QUIET,
    ) -> None:
        """Add an alarm that sends a mail when it begins and when it ends."""
        alarm = watch.Alarm(
            self,
            name.title().replace("-", ""),
            alarm_name=f"{self._config.prefix}-{name}",
            alarm_description=description,
            metric=metric,
            threshold=threshold,
            evaluation_periods=periods,
            comparison_operator=when,
            treat_missing_data=missing,
        )
        action = actions.SnsAction(self.topic)
        alarm.add_alarm_action(action)
        alarm.add_ok_action(action)

    def _add_budget(self) -> None:
        """Add the budget of the whole account, as cost tags must be activated in billing first."""
        config = self._config
        mail = budgets.CfnBudget.SubscriberProperty(
            subscription_type="EMAIL", address=config.alert_email
        )
        budgets.CfnBudget(
            self,
            "Budget",
            budget=budgets.CfnBudget.BudgetDataProperty(
                budget_name=f"{config.prefix}-monthly",
                budget_type="COST",
                time_unit="MONTHLY",
                budget_limit=budgets.CfnBudget.SpendProperty(
                    amount=config.monthly_budget, unit="USD"
                ),
            ),
            notifications_with_subscribers=[
                budgets.CfnBudget.NotificationWithSubscribersProperty(
                    notification=budgets.CfnBudget.NotificationProperty(
                        comparison_operator="GREATER_THAN",
                        notification_type=kind,
                        threshold=percent,
                        threshold_type="PERCENTAGE",
                    ),
                    subscribers=[mail],
                )
                for kind, percent in (("ACTUAL", 80), ("FORECASTED", 100))
            ],
        )
