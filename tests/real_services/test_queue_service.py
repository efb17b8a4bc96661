"""Queues on SQS: only safe ones are worked on, and a bell that can't be rung stops nobody."""

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
from tests.real_services.queues import Sqs, process_variables, send_wakeup, sqs
from tests.services.aws_like import QUEUES, client, installation
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
def own(aws: dict[str, str], settings: "Settings") -> dict[str, str]:
    """The environment of an installation with queues of its own; this process uses them too."""
    environment = aws | installation(aws)
    settings.AWS_REGION = aws["AWS_REGION"]
    settings.QUEUE_URLS = {name: environment[variable(name)] for name in QUEUES}
    settings.LONGEST_JOB_SECONDS = 900
    return environment


@pytest.fixture
def queues(aws: dict[str, str]) -> Iterator[Any]:
    """boto3's client for them."""
    with closing(client("sqs", aws)) as made:
        yield made


@pytest.fixture
def without_answer(own: dict[str, str], dead_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody answers for the queues."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{dead_port}")


def variable(queue: str) -> str:
    return f"VANISH_{queue.upper()}_QUEUE_URL"


def test_safe_queues_are_worked_on(own: dict[str, str]) -> None:
    require_safe_queues()
    check_queues()


@pytest.mark.parametrize("queue", QUEUES)
@pytest.mark.parametrize("seconds", [30, 900])
def test_a_queue_that_shows_a_message_during_its_job_is_refused(
    own: dict[str, str], queues: Any, queue: str, seconds: int
) -> None:
    hidden = {"VisibilityTimeout": str(seconds)}
    queues.set_queue_attributes(QueueUrl=own[variable(queue)], Attributes=hidden)

    with pytest.raises(SystemExit, match=f"^{variable(queue)}: .* {seconds} s.*LONGEST_JOB"):
        require_safe_queues()


def test_a_queue_that_hides_a_message_longer_than_any_job_is_enough(
    own: dict[str, str], queues: Any
) -> None:
    url = own[variable("edits")]
    queues.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "901"})

    require_safe_queues()


def test_a_queue_that_shows_a_message_for_ever_is_refused(
    own: dict[str, str], queues: Any, settings: "Settings"
) -> None:
    hidden = {"VisibilityTimeout": "1200"}
    url = queues.create_queue(QueueName="without-an-end", Attributes=hidden)["QueueUrl"]
    settings.QUEUE_URLS = settings.QUEUE_URLS | {"detection": url}

    with pytest.raises(SystemExit, match=f"^{variable('detection')}: .*dead-letter"):
        require_safe_queues()


def test_a_queue_that_does_not_exist_is_none(own: dict[str, str], settings: "Settings") -> None:
    missing = f"{own[variable('edits')]}-missing"
    settings.QUEUE_URLS = settings.QUEUE_URLS | {"edits": missing}

    with pytest.raises(OSError, match="edits"):
        check_queues()


@pytest.mark.usefixtures("without_answer")
def test_queues_without_an_answer_are_out_of_reach_and_left_to_the_broker() -> None:
    with pytest.raises(OSError, match="edits"):
        check_queues()
    require_safe_queues()


def test_a_worker_does_not_start_on_a_queue_that_is_not_safe(
    own: dict[str, str], queues: Any, tmp_path: Path
) -> None:
    url = own[variable("housekeeping")]
    queues.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "30"})

    done = subprocess.run(
        worker("housekeeping").build_command(),
        env=process_variables(own, tmp_path),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode != 0
    assert variable("housekeeping") in done.stderr


def test_no_sender_is_stopped_when_sqs_is_out_of_reach(
    own: dict[str, str], dead_port: int, tmp_path: Path
) -> None:
    dead = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{dead_port}"}
    done = send_wakeup(RUN_NEXT_EDIT, own | dead, tmp_path)

    assert done.returncode == 0
    assert f"The wake-up message {RUN_NEXT_EDIT} could not be sent" in done.stderr + done.stdout


def test_no_sender_is_stopped_when_sqs_denies(
    own: dict[str, str], denying: Sqs, tmp_path: Path
) -> None:
    done = send_wakeup(RUN_NEXT_EDIT, own | denying.variables(), tmp_path)

    assert denying.asked
    assert done.returncode == 0
    assert f"The wake-up message {RUN_NEXT_EDIT} could not be sent" in done.stderr + done.stdout


@pytest.fixture
def denying() -> Iterator[Sqs]:
    """Queues that let nobody in."""
    with sqs(denies=True) as running:
        yield running


@pytest.mark.parametrize("task", TASKS)
def test_a_wakeup_is_one_message_in_its_queue(
    own: dict[str, str], queues: Any, tmp_path: Path, task: str
) -> None:
    done = send_wakeup(task, own, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")

    found = {queue: messages(queues, own[variable(queue)]) for queue in QUEUES}
    assert found == {queue: [task] if queue == TASKS[task] else [] for queue in QUEUES}


def messages(queues: Any, url: str) -> list[str]:
    """The names of the tasks that wait in a queue."""
    answer = queues.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
    bodies = [json.loads(b64decode(found["Body"])) for found in answer.get("Messages", ())]
    return [body["headers"]["task"] for body in bodies]


def test_no_queue_is_looked_for_or_created(own: dict[str, str], tmp_path: Path) -> None:
    with sqs() as recording:
        variables = own | recording.variables()
        send_wakeup(RUN_NEXT_EDIT, variables, tmp_path)
        assert recording.asked[-1] == "SendMessage"
        with subprocess.Popen(
            worker("housekeeping").build_command(),
            env=process_variables(variables, tmp_path),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as working:
            try:
                wait_until(lambda: recording.asked.count("ReceiveMessage") > 1, "it asks for work")
            finally:
                working.terminate()
    assert set(recording.asked) <= {"GetQueueAttributes", "ReceiveMessage", "SendMessage"}
