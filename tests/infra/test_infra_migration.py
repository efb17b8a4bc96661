"""The migration as a custom resource: its functions and their resources."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from infra.lambdas import migration
from tests.infra.assembly import Assembly, Right

TASK = "arn:aws:ecs:us-east-1:123456789012:task/vanish-dev/0123456789abcdef"
PROPERTIES = {
    "Cluster": "arn:aws:ecs:us-east-1:123456789012:cluster/vanish-dev",
    "TaskDefinition": "arn:aws:ecs:us-east-1:123456789012:task-definition/vanish-dev-migrate:7",
    "Subnets": ["subnet-1", "subnet-2"],
    "SecurityGroups": ["sg-1"],
    "Container": "migrate",
    "LogGroup": "/vanish-dev/migrate",
    "LogStreams": "migrate/migrate",
}
START = {"Data": {"Task": TASK}}
LOOK = {"cluster": PROPERTIES["Cluster"], "tasks": [TASK]}


@pytest.fixture
def ecs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    """ECS with the responses of the test; any other call fails."""
    client = boto3.client(
        "ecs", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
    )
    monkeypatch.setattr(boto3, "client", lambda _service: client)
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def build_event(kind: str, **more: Any) -> dict[str, Any]:
    return {"RequestType": kind, "RequestId": "request-1", "ResourceProperties": PROPERTIES, **more}


def build_stopped_task(
    code: int | None, reason: str = "Essential container in task exited"
) -> dict[str, Any]:
    container = {"name": "migrate"} if code is None else {"name": "migrate", "exitCode": code}
    return {
        "tasks": [{"lastStatus": "STOPPED", "stoppedReason": reason, "containers": [container]}]
    }


@pytest.mark.parametrize("kind", ["Create", "Update"])
def test_a_release_starts_one_task_in_the_inner_network(ecs: Stubber, kind: str) -> None:
    expected = {
        "cluster": PROPERTIES["Cluster"],
        "taskDefinition": PROPERTIES["TaskDefinition"],
        "launchType": "FARGATE",
        "count": 1,
        "clientToken": "request-1",
        "networkConfiguration": {
            "awsvpcConfiguration": {
                "subnets": PROPERTIES["Subnets"],
                "securityGroups": PROPERTIES["SecurityGroups"],
                "assignPublicIp": "DISABLED",
            }
        },
    }
    ecs.add_response("run_task", {"tasks": [{"taskArn": TASK}], "failures": []}, expected)
    answer = migration.on_event(build_event(kind), None)
    assert answer == {"PhysicalResourceId": "migration", **START}


def test_a_task_that_cannot_be_started_fails_the_release(ecs: Stubber) -> None:
    failure = {"tasks": [], "failures": [{"reason": "Capacity is unavailable at this time"}]}
    ecs.add_response("run_task", failure)
    with pytest.raises(migration.MigrationFailed, match="Capacity is unavailable"):
        migration.on_event(build_event("Create"), None)


@pytest.mark.usefixtures("ecs")
def test_nothing_happens_when_the_stack_is_deleted() -> None:
    assert migration.on_event(build_event("Delete"), None) == {"PhysicalResourceId": "migration"}
    assert migration.is_complete(build_event("Delete"), None) == {"IsComplete": True}


@pytest.mark.parametrize("status", ["PROVISIONING", "PENDING", "RUNNING", "DEPROVISIONING"])
def test_a_task_that_has_not_ended_is_waited_for(ecs: Stubber, status: str) -> None:
    ecs.add_response("describe_tasks", {"tasks": [{"lastStatus": status}]}, LOOK)
    assert migration.is_complete(build_event("Update", **START), None) == {"IsComplete": False}


def test_a_task_that_succeeded_continues_the_release(ecs: Stubber) -> None:
    ecs.add_response("describe_tasks", build_stopped_task(0), LOOK)
    assert migration.is_complete(build_event("Update", **START), None) == {"IsComplete": True}


@pytest.mark.parametrize(("code", "reason"), [(1, "Essential"), (137, "Out"), (None, "CannotPull")])
def test_a_task_that_failed_fails_the_release_and_names_its_log(
    ecs: Stubber, code: int | None, reason: str
) -> None:
    ecs.add_response("describe_tasks", build_stopped_task(code, reason), LOOK)
    with pytest.raises(migration.MigrationFailed) as failure:
        migration.is_complete(build_event("Update", **START), None)
    assert reason in str(failure.value)
    assert "/vanish-dev/migrate, stream migrate/migrate/0123456789abcdef" in str(failure.value)


def test_a_task_that_is_not_seen_yet_is_waited_for(ecs: Stubber) -> None:
    ecs.add_response("describe_tasks", {"tasks": []}, LOOK)
    assert migration.is_complete(build_event("Update", **START), None) == {"IsComplete": False}


def test_other_containers_of_the_task_do_not_count(ecs: Stubber) -> None:
    answer = build_stopped_task(0)
    answer["tasks"][0]["containers"].append({"name": "aws-guardduty-agent", "exitCode": 137})
    ecs.add_response("describe_tasks", answer, LOOK)
    assert migration.is_complete(build_event("Update", **START), None) == {"IsComplete": True}


def test_it_runs_again_with_every_new_task_definition(assembly: Assembly) -> None:
    run = assembly.find_only("service", "Custom::Migration")
    definition = assembly.to_text(run["TaskDefinition"]).strip("<>")
    task = assembly.find_resources("service", "AWS::ECS::TaskDefinition")[definition]
    assert task["Properties"] == assembly.find_task("migrate")
    assert set(run) == set(PROPERTIES) | {"ServiceToken"}
    assert all("inner" in assembly.to_text(subnet).lower() for subnet in run["Subnets"])


def test_a_failure_names_the_right_log(assembly: Assembly) -> None:
    run = assembly.find_only("service", "Custom::Migration")
    container = assembly.find_container("migrate")
    options = container["LogConfiguration"]["Options"]
    group = assembly.find_resources("service", "AWS::Logs::LogGroup")[
        options["awslogs-group"]["Ref"]
    ]
    assert run["LogGroup"] == group["Properties"]["LogGroupName"]
    assert run["LogStreams"] == f"{options['awslogs-stream-prefix']}/{container['Name']}"


def test_the_migration_may_take_an_hour(assembly: Assembly) -> None:
    machine = assembly.find_only("service", "AWS::StepFunctions::StateMachine")
    machine_definition = json.loads(assembly.to_text(machine["DefinitionString"]))["States"]
    (retry,) = machine_definition["framework-isComplete-task"]["Retry"]
    assert retry["IntervalSeconds"] * retry["MaxAttempts"] == 3600
    assert retry["BackoffRate"] == 1


def find_function(assembly: Assembly, name: str) -> dict[str, Any]:
    (found,) = (
        function["Properties"]
        for function in assembly.find_resources("service", "AWS::Lambda::Function").values()
        if function["Properties"]["Handler"] == name
    )
    return dict(found)


def test_the_start_function_may_only_start_the_migration(assembly: Assembly) -> None:
    role = find_function(assembly, "migration.on_event")["Role"]
    rights = {
        right for right in assembly.collect_rights(role) if not right.action.startswith("logs:")
    }
    task = assembly.find_task("migrate")
    roles = {assembly.to_text(task[name]) for name in ("TaskRoleArn", "ExecutionRoleArn")}
    (run,) = (right for right in rights if right.action == "ecs:RunTask")
    assert run.resource.endswith(f":task-definition/{task['Family']}:*")
    assert rights - {run} == {Right("iam:PassRole", resource) for resource in roles}


def test_the_status_function_may_only_read(assembly: Assembly) -> None:
    role = find_function(assembly, "migration.is_complete")["Role"]
    actions = {right.action for right in assembly.collect_rights(role)}
    assert actions == {"ecs:DescribeTasks", "logs:CreateLogStream", "logs:PutLogEvents"}


def test_every_function_s_log_is_deleted_with_the_stack(assembly: Assembly) -> None:
    groups = assembly.find_resources("service", "AWS::Logs::LogGroup")
    functions = assembly.find_resources("service", "AWS::Lambda::Function").values()
    assert len(functions) == 5
    for function in functions:
        group = groups[function["Properties"]["LoggingConfig"]["LogGroup"]["Ref"]]
        assert group["DeletionPolicy"] == "Delete"
