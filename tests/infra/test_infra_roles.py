"""All permissions of each process on AWS, so that none can be added unnoticed."""

import pytest

from tests.infra.assembly import COMMANDS, WORKERS, Assembly, Right, to_list

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


def find_rights(assembly: Assembly, command: str) -> set[Right]:
    return assembly.collect_rights(assembly.find_task(command)["TaskRoleArn"])


def select_service(rights: set[Right], service: str) -> set[Right]:
    return {right for right in rights if right.action.startswith(f"{service}:")}


@pytest.mark.parametrize("command", COMMANDS)
def test_files_are_permitted_folder_by_folder(assembly: Assembly, command: str) -> None:
    bucket = assembly.read_variable("web", "AWS_STORAGE_BUCKET_NAME")
    expected = {
        Right(f"s3:{action}", f"{bucket}/{folder}/*")
        for folder, actions in FOLDERS[command].items()
        for action in actions.split()
    }
    if expected:
        expected.add(Right("s3:ListBucket", bucket))
    if command == "worker-housekeeping":
        expected.add(Right("s3:ListBucketMultipartUploads", bucket))
    assert select_service(find_rights(assembly, command), "s3") == expected


@pytest.mark.parametrize("command", COMMANDS[:-1])
def test_every_process_sends_and_each_worker_receives_from_its_own_queue(
    assembly: Assembly, command: str
) -> None:
    expected = {
        Right(f"sqs:{action}", assembly.read_queue(queue))
        for queue in WORKERS
        for action in ("SendMessage", "GetQueueAttributes")
    }
    own = command.removeprefix("worker-")
    if own in WORKERS:
        expected |= {
            Right(f"sqs:{action}", assembly.read_queue(own))
            for action in ("ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility")
        }
    assert select_service(find_rights(assembly, command), "sqs") == expected


def test_the_migration_may_do_nothing_on_aws(assembly: Assembly) -> None:
    assert find_rights(assembly, "migrate") == set()


@pytest.mark.parametrize("command", COMMANDS)
def test_only_detection_calls_rekognition(assembly: Assembly, command: str) -> None:
    may = {Right("rekognition:DetectLabels", "*")} if command == "worker-detection" else set()
    assert select_service(find_rights(assembly, command), "rekognition") == may


@pytest.mark.parametrize("command", COMMANDS)
def test_only_web_and_housekeeping_send_mail(assembly: Assembly, command: str) -> None:
    may = select_service(find_rights(assembly, command), "ses")
    assert {right.action for right in may} == (
        {"ses:SendEmail", "ses:SendRawEmail"}
        if command in {"web", "worker-housekeeping"}
        else set()
    )
    assert not any("*" in right.resource for right in may)


def test_mail_has_one_sender(assembly: Assembly) -> None:
    statements = [
        statement
        for policy in assembly.find_resources("service", "AWS::IAM::Policy").values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if "ses:SendEmail" in to_list(statement["Action"])
    ]
    address = assembly.read_variable("web", "VANISH_MAIL_FROM")
    under_it = {"StringEquals": {"ses:FromAddress": address}}
    assert [statement["Condition"] for statement in statements] == [under_it] * 2


@pytest.mark.parametrize("command", COMMANDS)
def test_tasks_use_no_other_service(assembly: Assembly, command: str) -> None:
    services = {right.action.partition(":")[0] for right in find_rights(assembly, command)}
    assert services <= {"s3", "sqs", "ses", "rekognition"}


def test_no_role_has_an_action_with_a_star(assembly: Assembly) -> None:
    found = [
        (place, action)
        for place, policy in assembly.find_everywhere("AWS::IAM::Policy")
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        for action in to_list(statement["Action"])
        if "*" in action
    ]
    assert found == []


@pytest.mark.parametrize("command", COMMANDS)
def test_an_execution_role_reads_only_the_task_s_secrets(assembly: Assembly, command: str) -> None:
    expected = {
        assembly.to_text(secret["ValueFrom"]).partition(":")[0]
        for secret in assembly.find_container(command)["Secrets"]
    }
    rights = assembly.collect_rights(assembly.find_task(command)["ExecutionRoleArn"])
    read = {right.resource for right in select_service(rights, "secretsmanager")}
    assert read == expected
    assert {right.action.partition(":")[0] for right in rights} == {"ecr", "logs", "secretsmanager"}
    everywhere = {right.action for right in rights if right.resource == "*"}
    assert everywhere == {"ecr:GetAuthorizationToken"}


def test_the_weekly_restart_may_only_update_the_four_services(assembly: Assembly) -> None:
    schedules = assembly.find_resources("service", "AWS::Scheduler::Schedule").values()
    roles = [schedule["Properties"]["Target"]["RoleArn"] for schedule in schedules]
    services = assembly.find_resources("service", "AWS::ECS::Service")
    assert len(roles) == len(services)
    for role in roles:
        assert assembly.collect_rights(role) == {
            Right("ecs:UpdateService", f"<{name}>") for name in services
        }
