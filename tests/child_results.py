"""Decoding and filling without the start of a child process each time.

Decoding a file and filling a hole take a child process each, a tenth of a second or more. Tests
call the decoder's code in their own process, except those of the child itself (marker
`decoder_child`). The same input always gives the same result, so a test outside `tests/vision` gets
the one of an earlier test.
"""

import hashlib
import os
import warnings
from collections.abc import Callable
from dataclasses import astuple, replace
from functools import wraps
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from vision.decoder.__main__ import write_picture
from vision.images import Picture, decoding
from vision.inpainters.patchmatch import choosing, process

MAX_PIXELS = 1_000_000
"""Larger results are not stored: one run stores some hundreds."""

_results: dict[bytes, Any] = {}
_decode_in_child = decoding._decode_in_child
_read_picture = decoding._read_picture
_build_environment = decoding._build_environment
_fill_in_child = process.fill_in_child


def measure_decoder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `coverage`, where it runs, also measure the decoder: it inherits few variables."""
    name = "COVERAGE_PROCESS_CONFIG"
    if name in os.environ:
        monkeypatch.setattr(
            decoding,
            "_build_environment",
            lambda parent: _build_environment(parent) | {name: os.environ[name]},
        )


def decode_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this test decode without a child process, and so without its limits of resources."""
    monkeypatch.setattr(decoding, "_decode_in_child", _decode_here)


def reuse_child_results(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this test use the results of earlier ones."""
    monkeypatch.setattr(decoding, "_decode_in_child", _decode_once)
    monkeypatch.setattr(choosing, "fill_in_child", _fill_once)


@wraps(_decode_in_child)
def _decode_here(source: Any, data: bytes, limits: Any) -> Picture:
    output = BytesIO()
    # The child ignores warnings too, and what it sets ends with it.
    with warnings.catch_warnings(), pytest.MonkeyPatch.context() as restored:
        warnings.simplefilter("ignore")
        restored.setattr(Image, "MAX_IMAGE_PIXELS", None)
        write_picture(data or source.read(), limits, output)
    output.seek(0)
    return _read_picture(output, limits)


@wraps(_decode_in_child)
def _decode_once(source: Any, data: bytes, limits: Any) -> Picture:
    content = data or source.read()
    if not data:
        source.seek(0)
    picture: Picture = _compute_once(
        lambda: _decode_here(source, content, limits), content, repr(astuple(limits)).encode()
    )
    # A copy: a test must not change the pixels of the next one.
    return replace(picture, pixels=picture.pixels.copy())


@wraps(_fill_in_child)
def _fill_once(tasks: Any, checkpoint: Any) -> Any:
    checkpoint(0.0)
    return [_fill_task_once(task, checkpoint).copy() for task in tasks]


def _fill_task_once(task: Any, checkpoint: Any) -> Any:
    content = BytesIO()
    task.write_to(content)
    return _compute_once(lambda: _fill_in_child([task], checkpoint)[0], content.getvalue())


def _compute_once(compute: Callable[[], Any], *inputs: bytes) -> Any:
    digest = hashlib.sha256()
    for part in inputs:
        digest.update(len(part).to_bytes(8))
        digest.update(part)
    key = digest.digest()
    if key in _results:
        return _results[key]
    result = compute()
    pixels = result if isinstance(result, np.ndarray) else result.pixels
    if pixels.size <= 3 * MAX_PIXELS:
        _results[key] = result
    return result
