"""Change a photo and an album in parallel, all with the same If-Match."""

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


def change_in_parallel(user: User, path: str, field: str) -> dict[str, Any]:
    """Change the field in parallel; return the sorted statuses and the final value."""
    reader = Client()
    reader.force_login(user)
    entity_tag = reader.get(path)["ETag"]
    start = threading.Barrier(THREADS)
    statuses: list[int] = []

    def patch(client: Client, number: int) -> None:
        try:
            start.wait(timeout=30)
            body = {field: f"by {number}"}
            headers = {"If-Match": entity_tag}
            response = client.patch(path, body, content_type="application/json", headers=headers)
            statuses.append(response.status_code)
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
    return {"statuses": sorted(statuses), "name": reader.get(path).json()[field]}


call_command("migrate", verbosity=0)
alice = people.create_alice()
photo = rows.upload(alice)
output = {
    "photo": change_in_parallel(alice, f"/api/v1/photos/{photo.pk}/", "title"),
    "album": change_in_parallel(alice, f"/api/v1/albums/{photo.album_id}/", "name"),
}
print(json.dumps(output))  # noqa: T201
