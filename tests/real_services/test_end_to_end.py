"""From upload to download over HTTP, on an embedded installation and on an AWS-like one."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import numpy as np
import pytest
from django.conf import settings

from tests import images
from tests.installation import EMBEDDED, Installation
from tests.rows import build_mask_png
from tests.stand_ins import aws_like as servers
from tests.waiting import wait_until
from vanish_client import Edit, Vanish
from vision.detectors.base import Box
from vision.images import decode

pytestmark = [
    pytest.mark.real_services,
    pytest.mark.whole_way,
    pytest.mark.xdist_group("real_services"),
]


class Client(Vanish):
    """The API client with more methods."""

    @property
    def api_url(self) -> str:
        """The API's URL."""
        return str(self._http.base_url)

    def announce(self, file: Path) -> dict[str, Any]:
        """Send only the first request of an upload and return the response."""
        facts = {"filename": file.name, "length": file.stat().st_size}
        return self.call_json("POST", "uploads/", json=facts)

    def remove_and_wait(self, photo_id: str, **settings: Any) -> Edit:
        """Start an edit, wait until it is finished and return it."""
        return self.wait_for_edit(self.remove(photo_id, **settings)["id"])

    def get_without_redirect(self, path: str) -> httpx.Response:
        """Return the response without following a redirect."""
        return self._http.get(path, follow_redirects=False)

    def has_answer(self, path: str, expected: dict[str, str]) -> bool:
        """Return whether the response is this JSON now."""
        return bool(self.get_without_redirect(path).json() == expected)

    def download_file(self, path: str) -> bytes:
        """Return the file after all redirects."""
        return self._http.get(path).raise_for_status().content


@dataclass
class Sites:
    """Two installations of the platform."""

    embedded: Client
    aws_like: Client
    bucket: str


@pytest.fixture(scope="module")
def sites(aws_like: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    """Both installations, running for all tests of this file."""
    folder = tmp_path_factory.mktemp("sites")
    variables = aws_like | servers.create_installation(aws_like)
    with (
        Installation(folder / "aws", **variables) as on_aws,
        Installation(folder / "embedded", **EMBEDDED) as embedded,
        Client(on_aws.url) as aws_client,
        Client(embedded.url) as embedded_client,
    ):
        for client in (aws_client, embedded_client):
            client.sign_in(settings.DEMO_EMAIL, settings.DEMO_PASSWORD)
        yield Sites(embedded_client, aws_client, urlsplit(aws_like["AWS_ENDPOINT_URL_S3"]).netloc)


def test_a_real_photo_gives_the_same_pixels_on_both_sites(
    sites: Sites, photos: Path, tmp_path: Path
) -> None:
    source = photos / "legendary_2.jpg"
    aws = sites.aws_like

    requests = aws.announce(source)["requests"]
    assert {urlsplit(part["url"]).netloc for part in requests} == {sites.bucket}
    photo = aws.upload(source)
    assert aws.download_file(f"photos/{photo['id']}/original/") == source.read_bytes()

    located = [item for item in aws.list_detections(photo["id"]) if item["box"]]
    assert {item["detector"] for item in located} == {"rekognition"}
    edit = aws.remove_and_wait(photo["id"], detections=[located[0]["id"]])
    result = aws.download(str(edit["revision"]))
    assert result.mime == "image/jpeg"

    mask = tmp_path / "mask.png"
    mask.write_bytes(aws.download_file(f"masks/{edit['mask']}/file/"))
    embedded_photo = sites.embedded.upload(source)
    embedded_edit = sites.embedded.remove_and_wait(
        embedded_photo["id"], mask=mask, grow=edit["grow"], feather=edit["feather"]
    )
    # Compared outside the assertion: pytest would take an hour to show the difference.
    is_same = sites.embedded.download(str(embedded_edit["revision"])).data == result.data
    assert is_same

    before, after = decode(source).pixels, decode(result.data).pixels
    assert before.shape == after.shape
    assert (before != after).any()


def test_a_large_file_is_uploaded_in_parts_and_gives_the_same_pixels_on_both_sites(
    sites: Sites, tmp_path: Path
) -> None:
    scene = images.build_scene(2600, 1700)
    file = tmp_path / "large.png"
    file.write_bytes(images.encode_pixels(scene, "PNG", compress_level=0))
    boxes = [{"x": 700, "y": 500, "width": 160, "height": 120}]
    results = []
    for client in (sites.aws_like, sites.embedded):
        assert len(client.announce(file)["requests"]) == 3
        photo = client.upload(file)
        edit = client.remove_and_wait(photo["id"], boxes=boxes)
        png = client.download(str(edit["revision"]), format="png")
        results.append(decode(png.data).pixels)

    assert np.array_equal(results[0], results[1])
    changed = (results[0] != scene).any(axis=2)
    hole = np.zeros_like(changed)
    hole[500:620, 700:860] = True
    assert changed.any()
    assert not changed[~hole].any()


def test_a_signed_url_opens_only_its_file(sites: Sites, tmp_path: Path) -> None:
    file = tmp_path / "beach.png"
    file.write_bytes(images.build_png(96, 64))
    photo = sites.aws_like.upload(file)

    path = f"photos/{photo['id']}/original/"
    first, second = (sites.aws_like.get_without_redirect(path) for _ in range(2))
    assert first.status_code == 302
    assert first.headers["Location"] == second.headers["Location"]
    url = first.headers["Location"]
    assert urlsplit(url).netloc == sites.bucket
    assert httpx.get(url).content == file.read_bytes()
    assert httpx.get(url.partition("?")[0]).status_code == 403
    assert httpx.get(url[:-1] + ("0" if url[-1] != "0" else "1")).status_code == 403


def test_masks_are_downloaded_by_signed_urls(sites: Sites, tmp_path: Path) -> None:
    file, mask = tmp_path / "beach.png", tmp_path / "mask.png"
    file.write_bytes(images.build_png(96, 64))
    mask.write_bytes(build_mask_png(hole=Box(10, 10, 12, 10)))
    photo = sites.aws_like.upload(file)
    edit = sites.aws_like.remove_and_wait(photo["id"], mask=mask)

    response = sites.aws_like.get_without_redirect(f"masks/{edit['mask']}/file/")
    assert urlsplit(response.headers["Location"]).netloc == sites.bucket


def test_both_sites_report_that_they_are_ready(sites: Sites) -> None:
    expected = {"status": "ok", "database": "ok", "storage": "ok", "queue": "ok"}
    for client in (sites.aws_like, sites.embedded):
        # A busy machine may answer too slowly the first time.
        wait_until(partial(client.has_answer, "../../readyz", expected), "it is ready")


def test_failed_sign_ins_are_counted_by_all_web_processes_together(sites: Sites) -> None:
    """Five are allowed; the counters of two processes would allow up to ten."""
    body = {"email": "nobody@people.example", "password": "guess", "name": "x"}
    for client in (sites.aws_like, sites.embedded):
        # A new connection for each attempt, so that both processes get some of them.
        responses = [httpx.post(f"{client.api_url}auth/tokens/", json=body) for _ in range(6)]
        assert [answer.status_code for answer in responses] == [401] * 5 + [429]
