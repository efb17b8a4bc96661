"""Alarms and the budget reach the alert address."""

from typing import Any

import pytest

from infra.config import Config
from tests.infra.assembly import WORKERS, Assembly


def find_alarms(assembly: Assembly, config: Config) -> dict[str, dict[str, Any]]:
    return {
        str(found["Properties"]["AlarmName"]).removeprefix(f"{config.prefix}-"): dict(
            found["Properties"]
        )
        for found in assembly.find_resources("watching", "AWS::CloudWatch::Alarm").values()
    }


def test_every_alarm_of_every_stack_sends_a_message(assembly: Assembly) -> None:
    alarms = dict(assembly.find_everywhere("AWS::CloudWatch::Alarm"))
    (topic,) = assembly.find_resources("watching", "AWS::SNS::Topic")
    assert alarms
    for place, alarm in alarms.items():
        assert alarm["Properties"]["AlarmActions"] == [{"Ref": topic}], place
        assert alarm["Properties"].get("ActionsEnabled", True), place
        assert alarm["Properties"]["AlarmDescription"], place


def test_the_topic_reaches_the_address_over_tls_and_takes_alarms(
    assembly: Assembly, config: Config
) -> None:
    subscription = assembly.find_only("watching", "AWS::SNS::Subscription")
    assert (subscription["Protocol"], subscription["Endpoint"]) == ("email", config.alert_email)
    statements = assembly.find_only("watching", "AWS::SNS::TopicPolicy")["PolicyDocument"][
        "Statement"
    ]
    denied = next(each for each in statements if each["Effect"] == "Deny")
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    allowed = next(each for each in statements if each["Effect"] == "Allow")
    assert allowed["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert allowed["Condition"] == {
        "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    }


@pytest.mark.parametrize("queue", WORKERS)
def test_a_message_that_was_given_up_raises_an_alarm(
    assembly: Assembly, config: Config, queue: str
) -> None:
    alarm = find_alarms(assembly, config)[f"{queue}-dead-letters"]
    assert alarm["MetricName"] == "ApproximateNumberOfMessagesVisible"
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("GreaterThanThreshold", 0)
    assert alarm["TreatMissingData"] == "notBreaching"
    queues = assembly.find_resources("data", "AWS::SQS::Queue")
    source = queues[assembly.read_queue(queue).strip("<>")]["Properties"]["RedrivePolicy"]
    dead = assembly.to_text(source["deadLetterTargetArn"]).strip("<>")
    (dimension,) = alarm["Dimensions"]
    assert assembly.to_text(dimension["Value"]) == f"<{dead}.QueueName>"


@pytest.mark.parametrize(
    ("queue", "seconds"), [("edits", 600), ("detection", 600), ("housekeeping", 3600)]
)
def test_a_message_that_waits_too_long_raises_an_alarm(
    assembly: Assembly, config: Config, queue: str, seconds: int
) -> None:
    alarm = find_alarms(assembly, config)[f"{queue}-waiting"]
    assert alarm["MetricName"] == "ApproximateAgeOfOldestMessage"
    assert (alarm["Statistic"], alarm["Threshold"]) == ("Maximum", seconds)
    (dimension,) = alarm["Dimensions"]
    expected = assembly.read_queue(queue).replace(">", ".QueueName>")
    assert assembly.to_text(dimension["Value"]) == expected


@pytest.mark.parametrize(
    ("name", "metric", "threshold"),
    [
        ("web-errors", "HTTPCode_Target_5XX_Count", 10),
        ("edge-errors", "5xxErrorRate", 5),
        ("web-slow", "TargetResponseTime", 2),
        ("database-cpu", "CPUUtilization", 80),
    ],
)
def test_errors_slowness_and_load_raise_alarms(
    assembly: Assembly, config: Config, name: str, metric: str, threshold: int
) -> None:
    alarm = find_alarms(assembly, config)[name]
    assert alarm["MetricName"] == metric
    assert alarm["Threshold"] == threshold
    assert alarm["ComparisonOperator"] == "GreaterThanThreshold"
    assert alarm["TreatMissingData"] == "notBreaching"


def test_cloudfront_counts_under_the_region_global(assembly: Assembly, config: Config) -> None:
    properties = find_alarms(assembly, config)["edge-errors"]["Dimensions"]
    assert {each["Name"] for each in properties} == {"DistributionId", "Region"}
    assert {"Name": "Region", "Value": "Global"} in properties


@pytest.mark.parametrize("secret", ["admin", "application"])
def test_a_password_that_does_not_change_raises_an_alarm(
    assembly: Assembly, config: Config, secret: str
) -> None:
    alarm = find_alarms(assembly, config)[f"rotate-{secret}"]
    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/Lambda", "Errors")
    assert (alarm["Statistic"], alarm["Threshold"]) == ("Sum", 0)
    assert alarm["Dimensions"] == [
        {"Name": "FunctionName", "Value": f"{config.prefix}-rotate-{secret}"}
    ]


def test_the_slowest_of_twenty_requests_counts(assembly: Assembly, config: Config) -> None:
    assert find_alarms(assembly, config)["web-slow"]["ExtendedStatistic"] == "p95"


def test_too_few_web_tasks_raise_an_alarm_and_so_do_missing_data(
    assembly: Assembly, config: Config
) -> None:
    alarm = find_alarms(assembly, config)["web-tasks"]
    assert alarm["MetricName"] == "HealthyHostCount"
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == (
        "LessThanThreshold",
        config.web.least,
    )
    assert alarm["TreatMissingData"] == "breaching"


def test_the_database_s_limits_raise_alarms(assembly: Assembly, config: Config) -> None:
    alarms = find_alarms(assembly, config)
    storage, connections = alarms["database-storage"], alarms["database-connections"]
    assert storage["MetricName"] == "FreeStorageSpace"
    assert storage["ComparisonOperator"] == "LessThanThreshold"
    assert storage["Threshold"] == config.database.storage * 2**30 // 10
    assert connections["MetricName"] == "DatabaseConnections"
    assert connections["Threshold"] == config.database.connections_alarm


def test_the_budget_sends_a_mail_before_it_is_spent(assembly: Assembly, config: Config) -> None:
    budget = assembly.find_only("watching", "AWS::Budgets::Budget")
    assert budget["Budget"]["BudgetLimit"] == {"Amount": config.monthly_budget, "Unit": "USD"}
    properties = {
        (each["Notification"]["NotificationType"], each["Notification"]["Threshold"])
        for each in budget["NotificationsWithSubscribers"]
    }
    assert properties == {("ACTUAL", 80), ("FORECASTED", 100)}
    for each in budget["NotificationsWithSubscribers"]:
        assert each["Subscribers"] == [{"SubscriptionType": "EMAIL", "Address": config.alert_email}]


@pytest.mark.parametrize("title", ["Waiting messages", "Edits", "Web", "Database", "Budget"])
def test_the_dashboard_shows_every_group(assembly: Assembly, title: str) -> None:
    dashboard = assembly.find_only("watching", "AWS::CloudWatch::Dashboard")
    assert f'"title":"{title}' in assembly.to_text(dashboard["DashboardBody"])
