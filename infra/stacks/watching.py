"""Who is told when something is wrong, and one page to look at."""

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
from infra.parts.dashboard import dashboard
from infra.parts.metrics import Metrics

if TYPE_CHECKING:
    from infra.stacks.data import DataStack
    from infra.stacks.edge import EdgeStack
    from infra.stacks.service import ServiceStack

GIB = 2**30
OLDEST_SECONDS = {"edits": 600, "detection": 600, "housekeeping": 3600}
"""How long a message may wait: people wait for the first two."""
ABOVE = watch.ComparisonOperator.GREATER_THAN_THRESHOLD
BELOW = watch.ComparisonOperator.LESS_THAN_THRESHOLD
QUIET = watch.TreatMissingData.NOT_BREACHING
LOUD = watch.TreatMissingData.BREACHING


class WatchingStack(Stack):
    """Alarms and the budget, all to one address.

    Attributes:
        topic: what every alarm tells, and what else may be subscribed to.
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
        self.topic = self._topic()
        metrics = Metrics(data=data, edge=edge, service=service)
        self._watch_queues(metrics)
        self._watch_web(metrics)
        self._watch_database(metrics)
        self._budget()
        dashboard(self, config=config, metrics=metrics)

    def _topic(self) -> sns.Topic:
        topic = sns.Topic(self, "Topic", enforce_ssl=True)
        # A policy of our own takes the place of the one that let the account's alarms in.
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

    def _watch_queues(self, metrics: Metrics) -> None:
        """Nobody is told of a queue that nothing is known of: SQS is silent about idle ones."""
        for queue, seconds in OLDEST_SECONDS.items():
            self._alarm(
                f"{queue}-dead-letters",
                f"A message of the queue {queue} was given up after three tries.",
                metrics.dead_letters(queue),
                threshold=0,
            )
            self._alarm(
                f"{queue}-waiting",
                f"The oldest message of the queue {queue} is older than {seconds} s.",
                metrics.oldest(queue),
                threshold=seconds,
                periods=3,
            )

    def _watch_web(self, metrics: Metrics) -> None:
        self._alarm(
            "web-errors",
            "The web server answered more than 10 requests in 5 minutes with an error.",
            metrics.web_errors(),
            threshold=10,
        )
        self._alarm(
            "edge-errors",
            "More than 5 % of what CloudFront answered were errors of ours.",
            metrics.edge_errors(),
            threshold=5,
            periods=2,
        )
        self._alarm(
            "web-slow",
            "One request in twenty took more than 2 s.",
            metrics.slow(),
            threshold=2,
            periods=3,
        )
        self._alarm(
            "web-tasks",
            f"Fewer than {self._config.web.least} web tasks answer.",
            metrics.healthy(),
            threshold=self._config.web.least,
            periods=5,
            when=BELOW,
            missing=LOUD,
        )

    def _watch_database(self, metrics: Metrics) -> None:
        database = self._config.database
        for secret in ("admin", "application"):
            self._alarm(
                f"rotate-{secret}",
                f"The password of the database's {secret} user was not changed.",
                metrics.failed_rotations(f"{self._config.prefix}-rotate-{secret}"),
                threshold=0,
            )
        self._alarm(
            "database-storage",
            "Less than a tenth of the first storage is free: it does not grow any more.",
            metrics.free_storage(),
            threshold=database.storage * GIB // 10,
            when=BELOW,
        )
        self._alarm(
            "database-connections",
            f"More than {database.connections_alarm} connections.",
            metrics.connections(),
            threshold=database.connections_alarm,
            periods=3,
        )
        self._alarm(
            "database-cpu",
            "The database's processors are more than 80 % busy.",
            metrics.database_cpu(),
            threshold=80,
            periods=3,
        )

    def _alarm(
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
        """Tells when it begins and when it is over."""
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
        told = actions.SnsAction(self.topic)
        alarm.add_alarm_action(told)
        alarm.add_ok_action(told)

    def _budget(self) -> None:
        """Of the whole account: tags count only where billing was told of them."""
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
