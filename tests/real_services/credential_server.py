"""The credentials of a container's role, as AWS hands them to a task: for a while only."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.gallery.web import Web, page, serve
from tests.stand_ins.radosgw import ACCESS_KEY, SECRET_KEY

PATH = "/role"
OTHER_SOURCES = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


@dataclass
class CredentialServer:
    """Who hands the credentials out, and when they end."""

    server: Web
    expires_at: datetime

    @property
    def url(self) -> str:
        """For AWS_CONTAINER_CREDENTIALS_FULL_URI."""
        return self.server.url(PATH)

    def stop_answering(self) -> None:
        """Hand nothing out any more."""
        self.server.pages[PATH] = page(b"", 500)

    def count_requests(self) -> int:
        """How often somebody has come for the credentials."""
        return len(self.server.requests)


@contextmanager
def start_credential_server(lifetime: timedelta) -> Iterator[CredentialServer]:
    """A server that hands out the S3 server's keys as those of a role, which end after `life`."""
    ends = (datetime.now(UTC) + lifetime).replace(microsecond=0)
    credentials = {
        "AccessKeyId": ACCESS_KEY,
        "SecretAccessKey": SECRET_KEY,
        "Token": None,  # the S3 server of the tests knows none
        "Expiration": ends.isoformat(),
    }
    with serve() as server:
        body = json.dumps(credentials).encode()
        server.pages[PATH] = page(body, Content_Type="application/json")
        yield CredentialServer(server, ends)
