"""A server for the temporary credentials of a container's role, like AWS's."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.gallery.http_server import HttpServer, build_page, serve
from tests.stand_ins.radosgw import ACCESS_KEY, SECRET_KEY

PATH = "/role"
OTHER_SOURCES = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


@dataclass
class CredentialServer:
    """A server of credentials that expire at `expires_at`."""

    server: HttpServer
    expires_at: datetime

    @property
    def url(self) -> str:
        """The value of AWS_CONTAINER_CREDENTIALS_FULL_URI."""
        return self.server.build_url(PATH)

    def stop_answering(self) -> None:
        """Answer further requests with an error."""
        self.server.pages[PATH] = build_page(b"", 500)

    def count_requests(self) -> int:
        """Return how often the credentials were requested."""
        return len(self.server.requests)


@contextmanager
def start_credential_server(lifetime: timedelta) -> Iterator[CredentialServer]:
    """Start a server that returns the S3 server's keys as credentials with this lifetime."""
    ends = (datetime.now(UTC) + lifetime).replace(microsecond=0)
    credentials = {
        "AccessKeyId": ACCESS_KEY,
        "SecretAccessKey": SECRET_KEY,
        "Token": None,  # the S3 server of the tests knows none
        "Expiration": ends.isoformat(),
    }
    with serve() as server:
        body = json.dumps(credentials).encode()
        server.pages[PATH] = build_page(body, Content_Type="application/json")
        yield CredentialServer(server, ends)
