"""Somebody is told of what goes wrong."""

from typing import Any

import pytest

from infra.config import Config
from tests.infra.assembly import WORKERS, Assembly


def alarms_of(assembly: Assembly, config: Config) -> dict[str, dict[str, Any]]:
    return {
        str(found["Properties"]["AlarmName"]).removeprefix(f"{config.prefix}-"): dict(
            found["Properties"]
        )
        for found in assembly.of_type("watching", "AWS::CloudWatch::Alarm").values()
    }


def test_every_alarm_of_every_stack_tells_somebody(assembly: Assembly) -> None:
    alarms = dict(assembly.everywhere("AWS::CloudWatch::Alarm"))
    (topic,) = assembly.of_type("watching", "AWS::SNS::Topic")
    assert alarms
    for place, alarm in alarms.items():
        assert alarm["Properties"]["AlarmActions"] == [{"Ref": topic}], place
        assert alarm["Properties"].get("ActionsEnabled", True), place
        assert alarm["Properties"]["AlarmDescription"], place


def test_the_topic_reaches_the_address_over_tls_and_takes_alarms(
    assembly: Assembly, config: Config
) -> None:
    subscription = assembly.only("watching", "AWS::SNS::Subscription")
    assert (subscription["Protocol"], subscription["Endpoint"]) == ("email", config.alert_email)
    statements = assembly.only("watching", "AWS::SNS::TopicPolicy")["PolicyDocument"]["Statement"]
    denied = next(each for each in statements if each["Effect"] == "Deny")
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    allowed = next(each for each in statements if each["Effect"] == "Allow")
    assert allowed["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert allowed["Condition"] == {
        "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    }


@pytest.mark.parametrize("queue", WORKERS)
def test_a_message_that_was_given_up_is_told(
    assembly: Assembly, config: Config, queue: str
) -> None:
    alarm = alarms_of(assembly, config)[f"{queue}-dead-letters"]
    assert alarm["MetricName"] == "ApproximateNumberOfMessagesVisible"
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("GreaterThanThreshold", 0)
    assert alarm["TreatMissingData"] == "notBreaching"
    queues = assembly.of_type("data", "AWS::SQS::Queue")
    source = queues[assembly.queue(queue).strip("<>")]["Properties"]["RedrivePolicy"]
    dead = assembly.plain(source["deadLetterTargetArn"]).strip("<>")
    (dimension,) = alarm["Dimensions"]
    assert assembly.plain(dimension["Value"]) == f"<{dead}.QueueName>"


@pytest.mark.parametrize(
    ("queue", "seconds"), [("edits", 600), ("detection", 600), ("housekeeping", 3600)]
)
def test_a_message_that_waits_too_long_is_told(
    assembly: Assembly, config: Config, queue: str, seconds: int
) -> None:
    alarm = alarms_of(assembly, config)[f"{queue}-waiting"]
    assert alarm["MetricName"] == "ApproximateAgeOfOldestMessage"
    assert (alarm["Statistic"], alarm["Threshold"]) == ("Maximum", seconds)
    (dimension,) = alarm["Dimensions"]
    expected = assembly.queue(queue).replace(">", ".QueueName>")
    assert assembly.plain(dimension["Value"]) == expected


@pytest.mark.parametrize(
    ("name", "metric", "threshold"),
    [
        ("web-errors", "HTTPCode_Target_5XX_Count", 10),
        ("edge-errors", "5xxErrorRate", 5),
        ("web-slow", "TargetResponseTime", 2),
        ("database-cpu", "CPUUtilization", 80),
    ],
)
def test_what_else_is_told(
    assembly: Assembly, config: Config, name: str, metric: str, threshold: int
) -> None:
    alarm = alarms_of(assembly, config)[name]
    assert alarm["MetricName"] == metric
    assert alarm["Threshold"] == threshold
    assert alarm["ComparisonOperator"] == "GreaterThanThreshold"
    assert alarm["TreatMissingData"] == "notBreaching"


def test_cloudfront_counts_under_the_region_global(assembly: Assembly, config: Config) -> None:
    told = alarms_of(assembly, config)["edge-errors"]["Dimensions"]
    assert {each["Name"] for each in told} == {"DistributionId", "Region"}
    assert {"Name": "Region", "Value": "Global"} in told


@pytest.mark.parametrize("secret", ["admin", "application"])
def test_a_password_that_does_not_change_is_told(
    assembly: Assembly, config: Config, secret: str
) -> None:
    alarm = alarms_of(assembly, config)[f"rotate-{secret}"]
    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/Lambda", "Errors")
    assert (alarm["Statistic"], alarm["Threshold"]) == ("Sum", 0)
    assert alarm["Dimensions"] == [
        {"Name": "FunctionName", "Value": f"{config.prefix}-rotate-{secret}"}
    ]


def test_the_slow_one_in_twenty_counts(assembly: Assembly, config: Config) -> None:
    assert alarms_of(assembly, config)["web-slow"]["ExtendedStatistic"] == "p95"


def test_too_few_web_tasks_are_told_and_so_is_silence_about_them(
    assembly: Assembly, config: Config
) -> None:
    alarm = alarms_of(assembly, config)["web-tasks"]
    assert alarm["MetricName"] == "HealthyHostCount"
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == (
        "LessThanThreshold",
        config.web.least,
    )
    assert alarm["TreatMissingData"] == "breaching"


def test_the_database_s_limits_are_told(assembly: Assembly, config: Config) -> None:
    alarms = alarms_of(assembly, config)
    storage, connections = alarms["database-storage"], alarms["database-connections"]
    assert storage["MetricName"] == "FreeStorageSpace"
    assert storage["ComparisonOperator"] == "LessThanThreshold"
    assert storage["Threshold"] == config.database.storage * 2**30 // 10
    assert connections["MetricName"] == "DatabaseConnections"
    assert connections["Threshold"] == config.database.connections_alarm


def test_the_budget_is_told_before_it_is_spent(assembly: Assembly, config: Config) -> None:
    budget = assembly.only("watching", "AWS::Budgets::Budget")
    assert budget["Budget"]["BudgetLimit"] == {"Amount": config.monthly_budget, "Unit": "USD"}
    told = {
        (each["Notification"]["NotificationType"], each["Notification"]["Threshold"])
        for each in budget["NotificationsWithSubscribers"]
    }
    assert told == {("ACTUAL", 80), ("FORECASTED", 100)}
    for each in budget["NotificationsWithSubscribers"]:
        assert each["Subscribers"] == [{"SubscriptionType": "EMAIL", "Address": config.alert_email}]


@pytest.mark.parametrize("title", ["Waiting messages", "Edits", "Web", "Database", "Budget"])
def test_one_page_shows_it_all(assembly: Assembly, title: str) -> None:
    dashboard = assembly.only("watching", "AWS::CloudWatch::Dashboard")
    assert f'"title":"{title}' in assembly.plain(dashboard["DashboardBody"])
