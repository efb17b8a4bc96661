"""Our processes with SQS queues, and a stand-in for SQS that records requests."""

import hashlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from processes import programs
from tests.stand_ins.aws_like import QUEUES

ATTRIBUTES = {
    "VisibilityTimeout": "1200",
    "RedrivePolicy": "{}",
    "ApproximateNumberOfMessages": "0",
}
DENIED = {"__type": "com.amazon.coral.service#AccessDeniedException", "message": "no"}


@dataclass
class RecordingSqs:
    """A server with safe and empty queues; if `is_denying`, it denies every request."""

    is_denying: bool
    port: int = 0
    actions: list[str] = field(default_factory=list)

    def build_variables(self) -> dict[str, str]:
        """Return the environment variables of an installation that uses it."""
        address = f"http://127.0.0.1:{self.port}"
        urls = {f"VANISH_{name.upper()}_QUEUE_URL": f"{address}/1/{name}" for name in QUEUES}
        return {"AWS_ENDPOINT_URL": address, **urls}

    def answer(self, action: str, content: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        """Return the status and the body of the response to a request."""
        self.actions.append(action)
        if self.is_denying:
            return 403, DENIED
        if action == "SendMessage":
            digest = hashlib.md5(content["MessageBody"].encode(), usedforsecurity=False)
            return 200, {"MessageId": "1", "MD5OfMessageBody": digest.hexdigest()}
        return 200, {"Attributes": ATTRIBUTES} if action == "GetQueueAttributes" else {}


@contextmanager
def start_sqs(*, is_denying: bool = False) -> Iterator[RecordingSqs]:
    """Start a server and yield it."""
    queues = RecordingSqs(is_denying)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            action = self.headers["X-Amz-Target"].rpartition(".")[2]
            status, answer = queues.answer(action, content)
            payload = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.0")
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        queues.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield queues
        finally:
            server.shutdown()
            thread.join()


def send_wakeup(
    task_name: str, variables: dict[str, str], folder: Path
) -> "subprocess.CompletedProcess[str]":
    """Send the registered wake-up message of a task from a separate process."""
    lines = (
        "import django; django.setup()\n"
        "from jobs.registry import registry\n"
        "from jobs.wakeups import send_wakeup\n"
        f"send_wakeup(*[w for w in registry.wakeups if w.task_name == {task_name!r}])"
    )
    return subprocess.run(
        [sys.executable, "-c", lines],
        env=build_process_environment(variables, folder),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def build_process_environment(variables: dict[str, str], folder: Path) -> dict[str, str]:
    """Return the environment of one of our processes with its data in `folder`."""
    return (
        programs.build_environment()
        | {"CELERY_BROKER_URL": "sqs://", "VANISH_DATA_DIR": str(folder)}
        | variables
    )
