"""Numbers of tasks: least, most, and the targets between them."""

from typing import Any

import pytest

from infra.config import Config
from infra.parts.scaling import BACKLOG_PER_TASK
from tests.infra.assembly import WORKERS, Assembly

TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"
POLICY = "AWS::ApplicationAutoScaling::ScalingPolicy"


def find_name(assembly: Assembly, command: str) -> str:
    services = assembly.find_resources("service", "AWS::ECS::Service")
    wanted = assembly.find_service(command)
    return next(name for name, service in services.items() if service == wanted)


def find_target(assembly: Assembly, command: str) -> tuple[str, dict[str, Any]]:
    service = find_name(assembly, command)
    ((name, found),) = (
        (name, found["Properties"])
        for name, found in assembly.find_resources("service", TARGET).items()
        if f"<{service}.Name>" in assembly.to_text(found["Properties"]["ResourceId"])
    )
    return name, found


def find_policies(assembly: Assembly, command: str) -> list[dict[str, Any]]:
    target, _found = find_target(assembly, command)
    return [
        found["Properties"]["TargetTrackingScalingPolicyConfiguration"]
        for found in assembly.find_resources("service", POLICY).values()
        if found["Properties"]["ScalingTargetId"] == {"Ref": target}
    ]


@pytest.mark.parametrize("command", ["web", *(f"worker-{queue}" for queue in WORKERS)])
def test_least_and_most_are_those_of_the_environment(
    assembly: Assembly, config: Config, command: str
) -> None:
    size = config.workers.get(command.removeprefix("worker-"), config.web)
    _name, target = find_target(assembly, command)
    assert (target["MinCapacity"], target["MaxCapacity"]) == (size.least, size.most)
    assert target["ScalableDimension"] == "ecs:service:DesiredCount"


@pytest.mark.parametrize("command", ["web", *(f"worker-{queue}" for queue in WORKERS)])
def test_a_release_leaves_the_count_that_scaling_chose(assembly: Assembly, command: str) -> None:
    assert "DesiredCount" not in assembly.find_service(command)["Properties"]


def test_the_web_server_scales_by_cpu_and_requests(assembly: Assembly) -> None:
    aims = {
        policy["PredefinedMetricSpecification"]["PredefinedMetricType"]: policy["TargetValue"]
        for policy in find_policies(assembly, "web")
    }
    assert aims == {"ECSServiceAverageCPUUtilization": 50, "ALBRequestCountPerTarget": 600}


@pytest.mark.parametrize("command", ["web", *(f"worker-{queue}" for queue in WORKERS)])
def test_scaling_out_is_faster_than_scaling_in(assembly: Assembly, command: str) -> None:
    for policy in find_policies(assembly, command):
        assert policy["ScaleOutCooldown"] <= 60
        assert policy["ScaleInCooldown"] >= 300


@pytest.mark.parametrize("queue", WORKERS)
def test_a_worker_scales_by_messages_for_each_running_task(
    assembly: Assembly, config: Config, queue: str
) -> None:
    (policy,) = find_policies(assembly, f"worker-{queue}")
    assert policy["TargetValue"] == config.backlog_per_task[queue]
    queries = {query["Id"]: query for query in policy["CustomizedMetricSpecification"]["Metrics"]}
    returned = [name for name, query in queries.items() if query["ReturnData"]]
    assert returned == ["backlog"]
    assert queries["backlog"]["Expression"] == BACKLOG_PER_TASK
    for name, metric in (("visible", "Visible"), ("hidden", "NotVisible")):
        query = queries[name]["MetricStat"]["Metric"]
        assert query["MetricName"] == f"ApproximateNumberOfMessages{metric}"
        (dimension,) = query["Dimensions"]
        expected = assembly.read_queue(queue).replace(">", ".QueueName>")
        assert (dimension["Name"], assembly.to_text(dimension["Value"])) == ("QueueName", expected)
    running = queries["running"]["MetricStat"]["Metric"]
    assert (running["Namespace"], running["MetricName"]) == (
        "ECS/ContainerInsights",
        "RunningTaskCount",
    )
    dimensions = {each["Name"]: assembly.to_text(each["Value"]) for each in running["Dimensions"]}
    service = find_name(assembly, f"worker-{queue}")
    assert dimensions["ServiceName"] == f"<{service}.Name>"


@pytest.mark.parametrize(
    ("visible", "hidden", "running", "backlog"),
    [(0, 0, 2, 0), (9, 1, 2, 5), (30, 0, 0, 30)],
)
def test_the_expression_works_without_tasks(
    visible: int, hidden: int, running: int, backlog: float
) -> None:
    """Evaluated as Python, which has the same operators as CloudWatch."""
    names: dict[str, Any] = {
        "__builtins__": {},
        "IF": lambda holds, value, otherwise: value if holds else otherwise,
        "visible": visible,
        "hidden": hidden,
        "running": running,
    }
    assert eval(BACKLOG_PER_TASK, names) == backlog  # noqa: S307  our own text
