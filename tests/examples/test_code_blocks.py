"""Every code block of the documentation, run in order against a running server.

Blocks that need another machine say so in the page, and are counted here.
"""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings

from tests.examples.pages import Block, list_blocks, read_blocks, write_programs
from tests.installation import ROOT, Installation
from vanish_client import Vanish
from vision import masks
from vision.images import decode

BLOCKS = list_blocks()
TESTED_PAGES = sorted({block.page for block in BLOCKS if not block.reason})
NOT_TESTED = {"CONTRIBUTING.md": 1, "docs/configuration.md": 2, "infra/README.md": 8}
# What a page only defines, the test calls.
CALLS = {
    "docs/webhooks.md": """
from datetime import UTC, datetime
now, body = datetime.now(UTC), '{"type": "ping"}'
signature = Webhook(os.environ["WEBHOOK_SECRET"]).sign("m1", now, body)
moment = str(int(now.timestamp()))
headers = {"webhook-id": "m1", "webhook-timestamp": moment, "webhook-signature": signature}
print(read_event(body.encode(), headers)["type"])
"""
}
OUTPUTS = {
    "README.md": [],
    "docs/api.md": [],
    "docs/webhooks.md": ["ping"],
    "examples/curl.md": ["label_unsupported", "There is no “elephant” and no “cat” in this photo."],
}
PICTURES = {
    "README.md": ["empty-beach.jpg", "without-sign.jpg", "cleaned/beach.jpg", "out.jpg"],
    "docs/api.md": ["empty-beach.jpg"],
    "docs/webhooks.md": [],
    "examples/curl.md": ["without-dog.jpg", "vanished.jpg"],
}


@pytest.fixture
def folder(tmp_path: Path, photos: Path) -> Path:
    """A working folder with what the pages take as given: photos and a mask."""
    shutil.copyfile(photos / "legendary_2.jpg", tmp_path / "beach.jpg")
    (tmp_path / "photos").mkdir()
    shutil.copyfile(tmp_path / "beach.jpg", tmp_path / "photos/beach.jpg")
    shape = decode(tmp_path / "beach.jpg").pixels.shape[:2]
    (tmp_path / "mask.png").write_bytes(masks.to_png(masks.from_boxes(shape, [(50, 60, 90, 80)])))
    return tmp_path


def build_environment(installation: Installation, programs: Path) -> dict[str, str]:
    """Return the variables of a reader who has a token and runs commands in the checkout."""
    with Vanish(installation.url) as vanish:
        body = {
            "email": settings.DEMO_EMAIL,
            "password": settings.DEMO_PASSWORD,
            "name": "pages",
        }
        token = vanish.call_json("POST", "auth/tokens/", json=body)["token"]
    own = {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "platform"),
        "DETECTOR": "local",
        "VANISH_SERVER": installation.url,
        "VANISH_TOKEN": token,
    }
    return installation.build_environment() | own


def fetch_late_picture(path: Path, environment: dict[str, str]) -> None:
    """Download the picture of an edit, where a slow machine got the edit (202) from `vanish/`."""
    if not path.read_bytes().startswith(b"{"):
        return
    edit = json.loads(path.read_bytes())
    with Vanish(environment["VANISH_SERVER"], token=environment["VANISH_TOKEN"]) as vanish:
        revision = vanish.wait_for_edit(edit["id"])["revision"]
        path.write_bytes(vanish.download(str(revision)).data)


@pytest.mark.whole_way
@pytest.mark.parametrize("page", TESTED_PAGES)
def test_the_blocks_of_a_page_run_in_order(
    page: str, folder: Path, installation: Installation
) -> None:
    blocks = [block for block in read_blocks(page) if not block.reason]
    script = "\n".join(block.script for block in blocks)
    if page in CALLS:
        script = script.replace("\nPYTHON\n", f"{CALLS[page]}\nPYTHON\n")
    environment = build_environment(installation, write_programs(folder, sys.executable))
    result = subprocess.run(
        ["/usr/bin/env", "bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert [text for text in OUTPUTS[page] if text not in result.stdout] == []
    for name in PICTURES[page]:
        fetch_late_picture(folder / name, environment)
    given = next(path for path in (folder / "photo.jpg", folder / "beach.jpg") if path.exists())
    before = decode(given).pixels
    for name in PICTURES[page]:
        changed = (decode(folder / name).pixels != before).any(axis=2)
        assert 0.001 < float(np.mean(changed)) < 0.5, name
    if page == "examples/curl.md":
        small = decode(folder / "small.webp")
        assert max(small.width, small.height) == 800


def test_blocks_that_are_not_run_are_counted_and_say_why() -> None:
    assert Counter(block.page for block in BLOCKS if block.reason) == NOT_TESTED
    assert {block.reason for block in BLOCKS if block.reason} == {
        "it needs an AWS account.",
        "it needs docker.",
        "it needs huggingface.co.",
        "it sets up the folder that the tests run in.",
    }


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: f"{block.page}:{block.line}")
def test_every_block_can_be_parsed(block: Block) -> None:
    assert block.language in ("sh", "python")
    if block.language == "python":
        compile(block.code, block.page, "exec")
        return
    command = ["/usr/bin/env", "bash", "-n", "-c", block.code]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


def test_every_curl_shows_the_reason_of_a_refusal() -> None:
    lines = [
        line
        for block in BLOCKS
        for line in block.code.splitlines()
        if line.lstrip(" !").startswith("curl ") or "$(curl " in line or "{ curl " in line
    ]
    assert len(lines) >= 4
    assert [line for line in lines if "--fail-with-body" not in line] == []
