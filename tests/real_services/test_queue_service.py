"""Queues on SQS: only safe queues are used, and a failed wake-up message stops no sender."""

import json
import subprocess
from base64 import b64decode
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from jobs.queue_service import check_queues, require_safe_queues
from processes.programs import worker
from tests.real_services.queues import (
    RecordingSqs,
    build_process_environment,
    send_wakeup,
    start_sqs,
)
from tests.stand_ins.aws_like import QUEUES, create_client, create_installation
from tests.waiting import wait_until

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = [pytest.mark.real_services, pytest.mark.xdist_group("real_services")]

RUN_NEXT_EDIT = "inpainting.tasks.run_next_edit"
TASKS = {
    RUN_NEXT_EDIT: "edits",
    "inpainting.tasks.run_next_detection": "detection",
    "jobs.tasks.run_housekeeping": "housekeeping",
    "webhooks.tasks.send_due": "housekeeping",
}


@pytest.fixture
def own_queues(aws: dict[str, str], settings: "Settings") -> dict[str, str]:
    """The environment of an installation with new queues, which this process uses too."""
    environment = aws | create_installation(aws)
    settings.AWS_REGION = aws["AWS_REGION"]
    settings.QUEUE_URLS = {name: environment[format_variable(name)] for name in QUEUES}
    settings.LONGEST_JOB_SECONDS = 900
    return environment


@pytest.fixture
def sqs_client(aws: dict[str, str]) -> Iterator[Any]:
    """boto3's client for SQS."""
    with closing(create_client("sqs", aws)) as client:
        yield client


@pytest.fixture
def unreachable_queues(
    own_queues: dict[str, str], dead_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Queues at a URL where no server listens."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{dead_port}")


def format_variable(queue: str) -> str:
    return f"VANISH_{queue.upper()}_QUEUE_URL"


def test_safe_queues_are_accepted(own_queues: dict[str, str]) -> None:
    require_safe_queues()
    check_queues()


@pytest.mark.parametrize("queue", QUEUES)
@pytest.mark.parametrize("seconds", [30, 900])
def test_a_queue_whose_visibility_timeout_is_shorter_than_a_job_is_refused(
    own_queues: dict[str, str], sqs_client: Any, queue: str, seconds: int
) -> None:
    attributes = {"VisibilityTimeout": str(seconds)}
    sqs_client.set_queue_attributes(
        QueueUrl=own_queues[format_variable(queue)], Attributes=attributes
    )

    with pytest.raises(SystemExit, match=f"^{format_variable(queue)}: .* {seconds} s.*LONGEST_JOB"):
        require_safe_queues()


def test_a_queue_whose_visibility_timeout_is_longer_than_any_job_is_accepted(
    own_queues: dict[str, str], sqs_client: Any
) -> None:
    url = own_queues[format_variable("edits")]
    sqs_client.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "901"})

    require_safe_queues()


def test_a_queue_without_dead_letters_is_refused(
    own_queues: dict[str, str], sqs_client: Any, settings: "Settings"
) -> None:
    attributes = {"VisibilityTimeout": "1200"}
    url = sqs_client.create_queue(QueueName="without-an-end", Attributes=attributes)["QueueUrl"]
    settings.QUEUE_URLS = settings.QUEUE_URLS | {"detection": url}

    with pytest.raises(SystemExit, match=f"^{format_variable('detection')}: .*dead-letter"):
        require_safe_queues()


def test_a_queue_that_does_not_exist_is_an_error(
    own_queues: dict[str, str], settings: "Settings"
) -> None:
    missing = f"{own_queues[format_variable('edits')]}-missing"
    settings.QUEUE_URLS = settings.QUEUE_URLS | {"edits": missing}

    with pytest.raises(OSError, match="edits"):
        check_queues()


@pytest.mark.usefixtures("unreachable_queues")
def test_unreachable_queues_fail_the_health_check_but_not_the_start() -> None:
    with pytest.raises(OSError, match="edits"):
        check_queues()
    require_safe_queues()


def test_a_worker_does_not_start_on_an_unsafe_queue(
    own_queues: dict[str, str], sqs_client: Any, tmp_path: Path
) -> None:
    url = own_queues[format_variable("housekeeping")]
    sqs_client.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "30"})

    result = subprocess.run(
        worker("housekeeping").build_command(),
        env=build_process_environment(own_queues, tmp_path),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert result.returncode != 0
    assert format_variable("housekeeping") in result.stderr


def test_a_sender_goes_on_when_sqs_is_unreachable(
    own_queues: dict[str, str], dead_port: int, tmp_path: Path
) -> None:
    unreachable = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{dead_port}"}
    result = send_wakeup(RUN_NEXT_EDIT, own_queues | unreachable, tmp_path)

    assert result.returncode == 0
    assert f"The wake-up message {RUN_NEXT_EDIT} could not be sent" in result.stderr + result.stdout


def test_a_sender_goes_on_when_sqs_denies_access(
    own_queues: dict[str, str], denying_sqs: RecordingSqs, tmp_path: Path
) -> None:
    result = send_wakeup(RUN_NEXT_EDIT, own_queues | denying_sqs.build_variables(), tmp_path)

    assert denying_sqs.actions
    assert result.returncode == 0
    assert f"The wake-up message {RUN_NEXT_EDIT} could not be sent" in result.stderr + result.stdout


@pytest.fixture
def denying_sqs() -> Iterator[RecordingSqs]:
    """A stand-in for SQS that denies every request."""
    with start_sqs(is_denying=True) as server:
        yield server


@pytest.mark.parametrize("task", TASKS)
def test_a_wake_up_is_one_message_in_its_queue(
    own_queues: dict[str, str], sqs_client: Any, tmp_path: Path, task: str
) -> None:
    result = send_wakeup(task, own_queues, tmp_path)
    assert (result.returncode, result.stderr) == (0, "")

    found = {
        queue: receive_task_names(sqs_client, own_queues[format_variable(queue)])
        for queue in QUEUES
    }
    assert found == {queue: [task] if queue == TASKS[task] else [] for queue in QUEUES}


def receive_task_names(sqs_client: Any, url: str) -> list[str]:
    """Receive the messages of a queue and return the names of their tasks."""
    answer = sqs_client.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
    bodies = [json.loads(b64decode(found["Body"])) for found in answer.get("Messages", ())]
    return [body["headers"]["task"] for body in bodies]


def test_no_queue_is_listed_or_created(own_queues: dict[str, str], tmp_path: Path) -> None:
    with start_sqs() as server:
        variables = own_queues | server.build_variables()
        send_wakeup(RUN_NEXT_EDIT, variables, tmp_path)
        assert server.actions[-1] == "SendMessage"
        with subprocess.Popen(
            worker("housekeeping").build_command(),
            env=build_process_environment(variables, tmp_path),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            try:
                wait_until(
                    lambda: server.actions.count("ReceiveMessage") > 1, "it polls for messages"
                )
            finally:
                process.terminate()
    assert set(server.actions) <= {"GetQueueAttributes", "ReceiveMessage", "SendMessage"}
