"""Very long and very large photos: upload, thumbnail, edit of a small place, download."""

import io
import json

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.models import User
from inpainting.models import Edit
from inpainting.services import edit_claim_next, edit_run
from jobs.models import State
from tests import images
from tests.redirects import follow_redirect
from vision.images import decode

pytestmark = [pytest.mark.django_db, pytest.mark.whole_way]

API = "/api/v1"


def encode_stripes(width: int, height: int, name: str) -> bytes:
    """Return a picture of a few kilobytes for each megapixel."""
    columns = (np.arange(width, dtype=np.uint32) // 64 % 200).astype(np.uint8)
    return images.encode_pixels(np.broadcast_to(columns, (height, width)), name)


@pytest.mark.parametrize(
    ("width", "height", "name", "box"),
    [
        pytest.param(16_385, 1, "PNG", (16_000, 0, 30, 1), id="line"),
        pytest.param(30_000, 200, "JPEG", (29_000, 50, 40, 40), id="panorama"),
        pytest.param(12_000, 9_000, "JPEG", (11_000, 8_000, 60, 60), id="108 megapixels"),
    ],
)
def test_a_large_photo_goes_the_whole_way(
    alice: User, width: int, height: int, name: str, box: tuple[int, int, int, int]
) -> None:
    client = Client()
    client.force_login(alice)
    data = encode_stripes(width, height, name)
    answer = client.post(f"{API}/photos/", {"file": SimpleUploadedFile("large", data)})
    assert answer.status_code == 201, answer.content
    photo = answer.json()
    thumbnail = follow_redirect(client.get(photo["current"]["thumbnail"])).getvalue()
    assert Image.open(io.BytesIO(thumbnail)).width == 480

    box_names = dict(zip(("x", "y", "width", "height"), box, strict=True))
    body = json.dumps({"boxes": [box_names], "inpainter": "patchmatch"})
    address = f"{API}/photos/{photo['id']}/edits/"
    answer = client.post(address, body, content_type="application/json")
    assert answer.status_code == 202, answer.content
    edit = edit_claim_next()
    assert edit is not None
    edit_run(edit)
    done = Edit.objects.get(pk=edit.pk)
    assert done.state == State.SUCCEEDED, done.error_message

    address = client.get(f"{API}/photos/{photo['id']}/").json()["current"]["download"]
    result = follow_redirect(client.get(address)).getvalue()
    assert (decode(result).width, decode(result).height) == (width, height)
