"""How many tasks run: floors and ceilings, and what is aimed at between them."""

from typing import Any

import pytest

from infra.config import Config
from infra.parts.scaling import BACKLOG_PER_TASK
from tests.infra.assembly import WORKERS, Assembly

TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"
POLICY = "AWS::ApplicationAutoScaling::ScalingPolicy"


def name_of(assembly: Assembly, command: str) -> str:
    services = assembly.of_type("service", "AWS::ECS::Service")
    wanted = assembly.service(command)
    return next(name for name, service in services.items() if service == wanted)


def target_of(assembly: Assembly, command: str) -> tuple[str, dict[str, Any]]:
    service = name_of(assembly, command)
    ((name, found),) = (
        (name, found["Properties"])
        for name, found in assembly.of_type("service", TARGET).items()
        if f"<{service}.Name>" in assembly.plain(found["Properties"]["ResourceId"])
    )
    return name, found


def policies_of(assembly: Assembly, command: str) -> list[dict[str, Any]]:
    target, _found = target_of(assembly, command)
    return [
        found["Properties"]["TargetTrackingScalingPolicyConfiguration"]
        for found in assembly.of_type("service", POLICY).values()
        if found["Properties"]["ScalingTargetId"] == {"Ref": target}
    ]


@pytest.mark.parametrize("command", ["web", *(f"worker-{queue}" for queue in WORKERS)])
def test_floor_and_ceiling_are_the_environment_s(
    assembly: Assembly, config: Config, command: str
) -> None:
    size = config.workers.get(command.removeprefix("worker-"), config.web)
    _name, target = target_of(assembly, command)
    assert (target["MinCapacity"], target["MaxCapacity"]) == (size.least, size.most)
    assert target["ScalableDimension"] == "ecs:service:DesiredCount"


@pytest.mark.parametrize("command", ["web", *(f"worker-{queue}" for queue in WORKERS)])
def test_a_release_leaves_the_count_that_scaling_chose(assembly: Assembly, command: str) -> None:
    assert "DesiredCount" not in assembly.service(command)["Properties"]


def test_the_web_server_goes_by_processor_and_requests(assembly: Assembly) -> None:
    aims = {
        policy["PredefinedMetricSpecification"]["PredefinedMetricType"]: policy["TargetValue"]
        for policy in policies_of(assembly, "web")
    }
    assert aims == {"ECSServiceAverageCPUUtilization": 50, "ALBRequestCountPerTarget": 600}


@pytest.mark.parametrize("command", ["web", *(f"worker-{queue}" for queue in WORKERS)])
def test_out_is_faster_than_in(assembly: Assembly, command: str) -> None:
    for policy in policies_of(assembly, command):
        assert policy["ScaleOutCooldown"] <= 60
        assert policy["ScaleInCooldown"] >= 300


@pytest.mark.parametrize("queue", WORKERS)
def test_a_worker_goes_by_the_messages_for_each_task_that_runs(
    assembly: Assembly, config: Config, queue: str
) -> None:
    (policy,) = policies_of(assembly, f"worker-{queue}")
    assert policy["TargetValue"] == config.backlog_per_task[queue]
    queries = {query["Id"]: query for query in policy["CustomizedMetricSpecification"]["Metrics"]}
    shown = [name for name, query in queries.items() if query["ReturnData"]]
    assert shown == ["backlog"]
    assert queries["backlog"]["Expression"] == BACKLOG_PER_TASK
    for name, metric in (("visible", "Visible"), ("hidden", "NotVisible")):
        asked = queries[name]["MetricStat"]["Metric"]
        assert asked["MetricName"] == f"ApproximateNumberOfMessages{metric}"
        (dimension,) = asked["Dimensions"]
        expected = assembly.queue(queue).replace(">", ".QueueName>")
        assert (dimension["Name"], assembly.plain(dimension["Value"])) == ("QueueName", expected)
    running = queries["running"]["MetricStat"]["Metric"]
    assert (running["Namespace"], running["MetricName"]) == (
        "ECS/ContainerInsights",
        "RunningTaskCount",
    )
    of_service = {each["Name"]: assembly.plain(each["Value"]) for each in running["Dimensions"]}
    service = name_of(assembly, f"worker-{queue}")
    assert of_service["ServiceName"] == f"<{service}.Name>"


@pytest.mark.parametrize(
    ("visible", "hidden", "running", "backlog"),
    [(0, 0, 2, 0), (9, 1, 2, 5), (30, 0, 0, 30)],
)
def test_the_expression_holds_without_tasks(
    visible: int, hidden: int, running: int, backlog: float
) -> None:
    """Read as Python, whose operators are those of CloudWatch."""
    names: dict[str, Any] = {
        "__builtins__": {},
        "IF": lambda holds, value, otherwise: value if holds else otherwise,
        "visible": visible,
        "hidden": hidden,
        "running": running,
    }
    assert eval(BACKLOG_PER_TASK, names) == backlog  # noqa: S307  our own text
