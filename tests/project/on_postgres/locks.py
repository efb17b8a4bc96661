"""Request, cancel and run edits of one photo from several connections in parallel.

Code that takes the same locks in different orders deadlocks, and PostgreSQL ends one of the
transactions with an error.
"""

import json
import threading

import django
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import setup_test_environment

django.setup()
setup_test_environment()

from accounts.models import User  # noqa: E402
from inpainting.models import Edit, PixelUse  # noqa: E402
from inpainting.services import edit_claim_next, edit_run  # noqa: E402
from jobs.models import State  # noqa: E402
from tests import people, rows  # noqa: E402

ROUNDS, CALLERS, WORKERS = 15, 4, 2
BOX = {"x": 10, "y": 12, "width": 12, "height": 10}
statuses: set[int] = set()
all_requested = threading.Event()


def send_requests(user: User, path: str) -> None:
    """Request edits and cancel every second one."""
    client = Client(raise_request_exception=False)
    client.force_login(user)
    for number in range(ROUNDS):
        response = client.post(path, {"boxes": [BOX]}, content_type="application/json")
        statuses.add(response.status_code)
        if "Location" in response.headers and number % 2:
            statuses.add(client.delete(response["Location"]).status_code)
    connection.close()


def run_edits() -> None:
    """Run queued edits until all are requested and none is left."""
    while (edit := edit_claim_next()) or not all_requested.wait(0.01):
        if edit:
            edit_run(edit)
    connection.close()


call_command("migrate", verbosity=0)
alice = people.create_alice()
photo = rows.upload(alice)
path = f"/api/v1/photos/{photo.pk}/edits/"
callers = [threading.Thread(target=send_requests, args=(alice, path)) for _ in range(CALLERS)]
workers = [threading.Thread(target=run_edits) for _ in range(WORKERS)]
for thread in callers + workers:
    thread.start()
for thread in callers:
    thread.join()
all_requested.set()
for thread in workers:
    thread.join()
started = Edit.objects.exclude(started_at=None)
output = {
    "statuses": sorted(statuses),
    "errors": sorted(set(Edit.objects.exclude(error_code="").values_list("error_code", flat=True))),
    "succeeded": Edit.objects.filter(state=State.SUCCEEDED).exists(),
    "cancelled": Edit.objects.filter(state=State.CANCELLED).exists(),
    "pixels": PixelUse.objects.get().pixels,
    "pixels_of_started": started.count() * photo.width * photo.height,
}
print(json.dumps(output))  # noqa: T201
