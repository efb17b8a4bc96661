"""What each process may do on AWS: the whole of it, so that nothing more can slip in."""

import pytest

from tests.infra.assembly import COMMANDS, WORKERS, Assembly, Right, listed

FOLDERS = {
    "web": {
        "originals": "GetObject PutObject AbortMultipartUpload DeleteObject",
        "patches": "GetObject DeleteObject",
        "renditions": "GetObject PutObject AbortMultipartUpload DeleteObject",
        "masks": "GetObject PutObject AbortMultipartUpload DeleteObject",
        "uploads": "GetObject PutObject AbortMultipartUpload DeleteObject ListMultipartUploadParts",
    },
    "worker-edits": {
        "originals": "GetObject",
        "masks": "GetObject",
        "patches": "GetObject PutObject AbortMultipartUpload DeleteObject",
        "renditions": "PutObject AbortMultipartUpload DeleteObject",
    },
    "worker-detection": {"originals": "GetObject"},
    "worker-housekeeping": {
        "originals": "DeleteObject",
        "patches": "DeleteObject",
        "renditions": "DeleteObject",
        "masks": "DeleteObject",
        "uploads": "DeleteObject AbortMultipartUpload",
    },
    "migrate": {},
}


def rights_of(assembly: Assembly, command: str) -> set[Right]:
    return assembly.rights(assembly.task(command)["TaskRoleArn"])


def of_service(rights: set[Right], service: str) -> set[Right]:
    return {right for right in rights if right.action.startswith(f"{service}:")}


@pytest.mark.parametrize("command", COMMANDS)
def test_files_are_touched_folder_by_folder(assembly: Assembly, command: str) -> None:
    bucket = assembly.variable("web", "AWS_STORAGE_BUCKET_NAME")
    expected = {
        Right(f"s3:{action}", f"{bucket}/{folder}/*")
        for folder, actions in FOLDERS[command].items()
        for action in actions.split()
    }
    if expected:
        expected.add(Right("s3:ListBucket", bucket))
    if command == "worker-housekeeping":
        expected.add(Right("s3:ListBucketMultipartUploads", bucket))
    assert of_service(rights_of(assembly, command), "s3") == expected


@pytest.mark.parametrize("command", COMMANDS[:-1])
def test_everyone_rings_and_each_worker_receives_from_its_own_queue(
    assembly: Assembly, command: str
) -> None:
    expected = {
        Right(f"sqs:{action}", assembly.queue(queue))
        for queue in WORKERS
        for action in ("SendMessage", "GetQueueAttributes")
    }
    own = command.removeprefix("worker-")
    if own in WORKERS:
        expected |= {
            Right(f"sqs:{action}", assembly.queue(own))
            for action in ("ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility")
        }
    assert of_service(rights_of(assembly, command), "sqs") == expected


def test_the_migration_may_do_nothing_on_aws(assembly: Assembly) -> None:
    assert rights_of(assembly, "migrate") == set()


@pytest.mark.parametrize("command", COMMANDS)
def test_only_the_detection_asks_rekognition(assembly: Assembly, command: str) -> None:
    may = {Right("rekognition:DetectLabels", "*")} if command == "worker-detection" else set()
    assert of_service(rights_of(assembly, command), "rekognition") == may


@pytest.mark.parametrize("command", COMMANDS)
def test_only_who_has_something_to_tell_sends_mail(assembly: Assembly, command: str) -> None:
    may = of_service(rights_of(assembly, command), "ses")
    assert {right.action for right in may} == (
        {"ses:SendEmail", "ses:SendRawEmail"}
        if command in {"web", "worker-housekeeping"}
        else set()
    )
    assert not any("*" in right.resource for right in may)


def test_mail_goes_out_under_one_address(assembly: Assembly) -> None:
    statements = [
        statement
        for policy in assembly.of_type("service", "AWS::IAM::Policy").values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if "ses:SendEmail" in listed(statement["Action"])
    ]
    address = assembly.variable("web", "VANISH_MAIL_FROM")
    under_it = {"StringEquals": {"ses:FromAddress": address}}
    assert [statement["Condition"] for statement in statements] == [under_it] * 2


@pytest.mark.parametrize("command", COMMANDS)
def test_tasks_do_nothing_else(assembly: Assembly, command: str) -> None:
    services = {right.action.partition(":")[0] for right in rights_of(assembly, command)}
    assert services <= {"s3", "sqs", "ses", "rekognition"}


def test_no_role_has_an_action_with_a_star(assembly: Assembly) -> None:
    found = [
        (place, action)
        for place, policy in assembly.everywhere("AWS::IAM::Policy")
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        for action in listed(statement["Action"])
        if "*" in action
    ]
    assert found == []


@pytest.mark.parametrize("command", COMMANDS)
def test_what_starts_a_task_reads_its_secrets_alone(assembly: Assembly, command: str) -> None:
    given = {
        assembly.plain(secret["ValueFrom"]).partition(":")[0]
        for secret in assembly.container(command)["Secrets"]
    }
    rights = assembly.rights(assembly.task(command)["ExecutionRoleArn"])
    read = {right.resource for right in of_service(rights, "secretsmanager")}
    assert read == given
    assert {right.action.partition(":")[0] for right in rights} == {"ecr", "logs", "secretsmanager"}
    everywhere = {right.action for right in rights if right.resource == "*"}
    assert everywhere == {"ecr:GetAuthorizationToken"}


def test_the_weekly_start_may_update_the_four_services_alone(assembly: Assembly) -> None:
    schedules = assembly.of_type("service", "AWS::Scheduler::Schedule").values()
    roles = [schedule["Properties"]["Target"]["RoleArn"] for schedule in schedules]
    services = assembly.of_type("service", "AWS::ECS::Service")
    assert len(roles) == len(services)
    for role in roles:
        assert assembly.rights(role) == {
            Right("ecs:UpdateService", f"<{name}>") for name in services
        }
