"""A receiver that counts as public, and a webhook of Alice's that sends to it."""

from collections.abc import Iterator
from ipaddress import ip_network

import pytest
from ssrfguard import Policy

from accounts.models import User
from gallery.models import Photo
from tests import rows
from tests.webhooks.receiver import Receiver, serve
from web import outbound
from webhooks.models import Event, Webhook
from webhooks.services import webhook_create


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A running receiver; the policy also allows 127.0.0.1 and its port."""
    with serve() as running:
        policy = Policy(
            allowed_ports=frozenset({80, 443, running.port}),
            allowed_networks=(ip_network("127.0.0.1/32"),),
        )
        monkeypatch.setattr(outbound, "PUBLIC_WEB", policy)
        yield running


@pytest.fixture
def photo(alice: User) -> Photo:
    """Alice's photo, uploaded before there is a webhook."""
    return rows.upload(alice)


@pytest.fixture
def webhook(alice: User, photo: Photo, receiver: Receiver) -> Webhook:
    """Alice's webhook for every event in all her albums."""
    return webhook_create(user=alice, values={"url": receiver.build_url(), "events": Event.values})
