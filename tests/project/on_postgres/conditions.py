"""Changes one photo and one album from several connections at once, all on the same condition."""

import json
import threading
from typing import Any

import django
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import setup_test_environment

django.setup()
setup_test_environment()

from accounts.models import User  # noqa: E402
from tests import people, rows  # noqa: E402

THREADS = 8


def at_once(user: User, path: str, change: str) -> dict[str, Any]:
    """The statuses of all answers, sorted, and what the thing is called in the end."""
    looker = Client()
    looker.force_login(user)
    tag = looker.get(path)["ETag"]
    start = threading.Barrier(THREADS)
    statuses: list[int] = []

    def patch(client: Client, number: int) -> None:
        try:
            start.wait(timeout=30)
            body = {change: f"by {number}"}
            headers = {"If-Match": tag}
            answer = client.patch(path, body, content_type="application/json", headers=headers)
            statuses.append(answer.status_code)
        finally:
            connection.close()

    clients = [Client() for _ in range(THREADS)]
    for client in clients:
        client.force_login(user)
    threads = [
        threading.Thread(target=patch, args=[client, number])
        for number, client in enumerate(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"statuses": sorted(statuses), "name": looker.get(path).json()[change]}


call_command("migrate", verbosity=0)
alice = people.create_alice()
photo = rows.upload(alice)
found = {
    "photo": at_once(alice, f"/api/v1/photos/{photo.pk}/", "title"),
    "album": at_once(alice, f"/api/v1/albums/{photo.album_id}/", "name"),
}
print(json.dumps(found))  # noqa: T201
