"""Claim deliveries from several connections in parallel."""

import json
import threading

import django
from django.core.management import call_command
from django.db import connection

django.setup()

from tests import people  # noqa: E402
from webhooks.delivery import claim_deliveries  # noqa: E402
from webhooks.services import webhook_create, webhook_ping  # noqa: E402

WEBHOOKS, EACH, THREADS = 10, 20, 6


def create_deliveries() -> None:
    """Create webhooks with many claimable deliveries."""
    call_command("migrate", verbosity=0)
    alice = people.create_alice()
    values = {"url": "https://shop.example/", "events": ["edit.failed"]}
    for _ in range(WEBHOOKS):
        webhook = webhook_create(user=alice, values=values)  # type: ignore[arg-type]
        for _ in range(EACH):
            webhook_ping(webhook=webhook)


def claim_all(claimed: list[str], start: threading.Barrier) -> None:
    """Claim deliveries a fixed number of times: others may hold all of them for a moment."""
    try:
        start.wait(timeout=30)
        for _ in range(WEBHOOKS * EACH):
            claimed.extend(str(row.pk) for row in claim_deliveries())
    finally:
        connection.close()


create_deliveries()
claimed: list[str] = []
start = threading.Barrier(THREADS)
threads = [threading.Thread(target=claim_all, args=[claimed, start]) for _ in range(THREADS)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(json.dumps({"claimed": claimed, "deliveries": WEBHOOKS * EACH}))  # noqa: T201
