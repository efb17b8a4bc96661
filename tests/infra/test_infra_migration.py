"""The migration as a custom resource: what its functions do, and what surrounds them."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from infra.lambdas import migration
from tests.infra.assembly import Assembly, Right

TASK = "arn:aws:ecs:us-east-1:123456789012:task/vanish-dev/0123456789abcdef"
TOLD = {
    "Cluster": "arn:aws:ecs:us-east-1:123456789012:cluster/vanish-dev",
    "TaskDefinition": "arn:aws:ecs:us-east-1:123456789012:task-definition/vanish-dev-migrate:7",
    "Subnets": ["subnet-1", "subnet-2"],
    "SecurityGroups": ["sg-1"],
    "Container": "migrate",
    "LogGroup": "/vanish-dev/migrate",
    "LogStreams": "migrate/migrate",
}
STARTED = {"Data": {"Task": TASK}}
LOOK = {"cluster": TOLD["Cluster"], "tasks": [TASK]}


@pytest.fixture
def ecs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    """ECS as told by the test; a call that it did not tell of fails."""
    client = boto3.client(
        "ecs", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
    )
    monkeypatch.setattr(boto3, "client", lambda _service: client)
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def asked(kind: str, **more: Any) -> dict[str, Any]:
    return {"RequestType": kind, "RequestId": "request-1", "ResourceProperties": TOLD, **more}


def ended(code: int | None, reason: str = "Essential container in task exited") -> dict[str, Any]:
    container = {"name": "migrate"} if code is None else {"name": "migrate", "exitCode": code}
    return {
        "tasks": [{"lastStatus": "STOPPED", "stoppedReason": reason, "containers": [container]}]
    }


@pytest.mark.parametrize("kind", ["Create", "Update"])
def test_a_release_starts_one_task_in_the_inner_network(ecs: Stubber, kind: str) -> None:
    expected = {
        "cluster": TOLD["Cluster"],
        "taskDefinition": TOLD["TaskDefinition"],
        "launchType": "FARGATE",
        "count": 1,
        "clientToken": "request-1",
        "networkConfiguration": {
            "awsvpcConfiguration": {
                "subnets": TOLD["Subnets"],
                "securityGroups": TOLD["SecurityGroups"],
                "assignPublicIp": "DISABLED",
            }
        },
    }
    ecs.add_response("run_task", {"tasks": [{"taskArn": TASK}], "failures": []}, expected)
    answer = migration.on_event(asked(kind), None)
    assert answer == {"PhysicalResourceId": "migration", **STARTED}


def test_a_task_that_cannot_be_started_fails_the_release(ecs: Stubber) -> None:
    failure = {"tasks": [], "failures": [{"reason": "Capacity is unavailable at this time"}]}
    ecs.add_response("run_task", failure)
    with pytest.raises(migration.MigrationFailed, match="Capacity is unavailable"):
        migration.on_event(asked("Create"), None)


@pytest.mark.usefixtures("ecs")
def test_nothing_happens_when_the_stack_goes() -> None:
    assert migration.on_event(asked("Delete"), None) == {"PhysicalResourceId": "migration"}
    assert migration.is_complete(asked("Delete"), None) == {"IsComplete": True}


@pytest.mark.parametrize("status", ["PROVISIONING", "PENDING", "RUNNING", "DEPROVISIONING"])
def test_a_task_that_has_not_ended_is_waited_for(ecs: Stubber, status: str) -> None:
    ecs.add_response("describe_tasks", {"tasks": [{"lastStatus": status}]}, LOOK)
    assert migration.is_complete(asked("Update", **STARTED), None) == {"IsComplete": False}


def test_a_task_that_ended_well_lets_the_release_go_on(ecs: Stubber) -> None:
    ecs.add_response("describe_tasks", ended(0), LOOK)
    assert migration.is_complete(asked("Update", **STARTED), None) == {"IsComplete": True}


@pytest.mark.parametrize(("code", "reason"), [(1, "Essential"), (137, "Out"), (None, "CannotPull")])
def test_a_task_that_ended_badly_fails_the_release_and_tells_where_to_read(
    ecs: Stubber, code: int | None, reason: str
) -> None:
    ecs.add_response("describe_tasks", ended(code, reason), LOOK)
    with pytest.raises(migration.MigrationFailed) as told:
        migration.is_complete(asked("Update", **STARTED), None)
    assert reason in str(told.value)
    assert "/vanish-dev/migrate, stream migrate/migrate/0123456789abcdef" in str(told.value)


def test_a_task_that_is_not_seen_yet_is_waited_for(ecs: Stubber) -> None:
    ecs.add_response("describe_tasks", {"tasks": []}, LOOK)
    assert migration.is_complete(asked("Update", **STARTED), None) == {"IsComplete": False}


def test_other_containers_of_the_task_do_not_count(ecs: Stubber) -> None:
    answer = ended(0)
    answer["tasks"][0]["containers"].append({"name": "aws-guardduty-agent", "exitCode": 137})
    ecs.add_response("describe_tasks", answer, LOOK)
    assert migration.is_complete(asked("Update", **STARTED), None) == {"IsComplete": True}


def test_it_runs_again_with_every_new_task_definition(assembly: Assembly) -> None:
    run = assembly.only("service", "Custom::Migration")
    definition = assembly.plain(run["TaskDefinition"]).strip("<>")
    task = assembly.of_type("service", "AWS::ECS::TaskDefinition")[definition]
    assert task["Properties"] == assembly.task("migrate")
    assert set(run) == set(TOLD) | {"ServiceToken"}
    assert all("inner" in assembly.plain(subnet).lower() for subnet in run["Subnets"])


def test_its_log_is_where_a_failure_says(assembly: Assembly) -> None:
    run = assembly.only("service", "Custom::Migration")
    container = assembly.container("migrate")
    options = container["LogConfiguration"]["Options"]
    group = assembly.of_type("service", "AWS::Logs::LogGroup")[options["awslogs-group"]["Ref"]]
    assert run["LogGroup"] == group["Properties"]["LogGroupName"]
    assert run["LogStreams"] == f"{options['awslogs-stream-prefix']}/{container['Name']}"


def test_it_is_waited_for_for_an_hour(assembly: Assembly) -> None:
    machine = assembly.only("service", "AWS::StepFunctions::StateMachine")
    look = json.loads(assembly.plain(machine["DefinitionString"]))["States"]
    (retry,) = look["framework-isComplete-task"]["Retry"]
    assert retry["IntervalSeconds"] * retry["MaxAttempts"] == 3600
    assert retry["BackoffRate"] == 1


def handler(assembly: Assembly, name: str) -> dict[str, Any]:
    (found,) = (
        function["Properties"]
        for function in assembly.of_type("service", "AWS::Lambda::Function").values()
        if function["Properties"]["Handler"] == name
    )
    return dict(found)


def test_who_starts_may_start_the_migration_alone(assembly: Assembly) -> None:
    role = handler(assembly, "migration.on_event")["Role"]
    rights = {right for right in assembly.rights(role) if not right.action.startswith("logs:")}
    task = assembly.task("migrate")
    passed = {assembly.plain(task[name]) for name in ("TaskRoleArn", "ExecutionRoleArn")}
    (run,) = (right for right in rights if right.action == "ecs:RunTask")
    assert run.resource.endswith(f":task-definition/{task['Family']}:*")
    assert rights - {run} == {Right("iam:PassRole", resource) for resource in passed}


def test_who_waits_may_only_look(assembly: Assembly) -> None:
    role = handler(assembly, "migration.is_complete")["Role"]
    actions = {right.action for right in assembly.rights(role)}
    assert actions == {"ecs:DescribeTasks", "logs:CreateLogStream", "logs:PutLogEvents"}


def test_every_function_s_lines_go_with_the_stack(assembly: Assembly) -> None:
    groups = assembly.of_type("service", "AWS::Logs::LogGroup")
    functions = assembly.of_type("service", "AWS::Lambda::Function").values()
    assert len(functions) == 5
    for function in functions:
        group = groups[function["Properties"]["LoggingConfig"]["LogGroup"]["Ref"]]
        assert group["DeletionPolicy"] == "Delete"
