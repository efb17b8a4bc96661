"""Model files from a mirror folder and from HTTP servers, including faulty ones."""

import hashlib
import os
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from vision import transfer
from vision.errors import WeightsMissing
from vision.weight_files import compute_sha256
from vision.weights import HIFILL, WEIGHTS, ModelStore, WeightFile

CONTENT = bytes(range(256)) * 4000


class Server(BaseHTTPRequestHandler):
    """A handler with the paths /right, /wrong, /short, /endless and /stalls; others are 404."""

    def do_GET(self) -> None:
        answers = {"/right": CONTENT, "/wrong": CONTENT[::-1], "/short": CONTENT[:5000]}
        if self.path in answers:
            self.send_response(200)
            self.send_header("Content-Length", str(len(CONTENT)))
            self.end_headers()
            self.wfile.write(answers[self.path])
        elif self.path == "/endless":
            self.send_response(200)
            self.end_headers()
            while not self.server.closing.is_set():  # type: ignore[attr-defined]
                try:
                    self.wfile.write(bytes(2**16))
                except OSError:
                    return
        elif self.path == "/stalls":
            self.server.closing.wait(30)  # type: ignore[attr-defined]
        else:
            self.send_error(404)

    def log_message(self, *_given: object) -> None:
        """Log nothing."""


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    server.closing = threading.Event()  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.closing.set()  # type: ignore[attr-defined]
    server.shutdown()
    thread.join()
    server.server_close()


def build_weight_file(*urls: str, size: int | None = len(CONTENT)) -> WeightFile:
    return WeightFile(
        name="model.bin",
        urls=urls,
        licence="MIT",
        purpose="is a model",
        without="nothing works",
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        size=size,
    )


def list_files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_the_file_is_fetched_from_the_first_url_that_has_it(tmp_path: Path, address: str) -> None:
    urls = (f"{address}/gone", f"{address}/wrong", f"{address}/short", f"{address}/right")
    store = ModelStore(tmp_path / "models", weights=(build_weight_file(*urls),))
    progress: list[tuple[int, int | None]] = []
    path = store.fetch("model.bin", lambda bytes_read, size: progress.append((bytes_read, size)))
    assert path.read_bytes() == CONTENT
    assert progress[-1] == (len(CONTENT), len(CONTENT))
    assert list_files(store.folder) == ["model.bin"]
    assert store.get_path("model.bin") == path
    assert path.stat().st_mode & 0o777 == 0o644


def test_every_failure_is_named_and_no_partial_file_is_left(tmp_path: Path, address: str) -> None:
    urls = (f"{address}/gone", f"{address}/wrong", "http://127.0.0.1:1/refused")
    store = ModelStore(tmp_path / "models", weights=(build_weight_file(*urls),))
    with pytest.raises(WeightsMissing) as caught:
        store.fetch("model.bin")
    for reason in ("404", "another digest", "127.0.0.1:1: Connection refused"):
        assert reason in caught.value.detail
    assert list_files(store.folder) == []


@pytest.mark.parametrize("size", [1000, None])
def test_an_endless_answer_is_cut_off(
    tmp_path: Path, address: str, size: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "LARGEST_FILE", 2**20)
    store = ModelStore(
        tmp_path / "models", weights=(build_weight_file(f"{address}/endless", size=size),)
    )
    with pytest.raises(WeightsMissing, match="longer than"):
        store.fetch("model.bin")
    assert list_files(store.folder) == []


def test_a_long_transfer_is_cut_off(
    tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "TRANSFER_SECONDS", 0.0)
    store = ModelStore(tmp_path / "models", weights=(build_weight_file(f"{address}/endless"),))
    with pytest.raises(WeightsMissing, match="took longer"):
        store.fetch("model.bin")


def test_a_stalled_server_is_skipped(
    tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "STALL_SECONDS", 0.05)
    urls = (f"{address}/stalls", f"{address}/right")
    store = ModelStore(tmp_path / "models", weights=(build_weight_file(*urls),))
    assert store.fetch("model.bin").read_bytes() == CONTENT


def test_the_mirror_comes_before_the_network(tmp_path: Path, address: str) -> None:
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    (mirror / "model.bin").write_bytes(CONTENT)
    store = ModelStore(tmp_path / "models", mirror, weights=(build_weight_file(f"{address}/gone"),))
    assert store.get_path("model.bin") == mirror / "model.bin"
    assert store.fetch("model.bin") == store.folder / "model.bin"
    assert store.get_path("model.bin") == store.folder / "model.bin"


def test_a_wrong_file_in_the_mirror_does_not_end_the_search(tmp_path: Path, address: str) -> None:
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    (mirror / "model.bin").write_bytes(b"other")
    store = ModelStore(
        tmp_path / "models", mirror, weights=(build_weight_file(f"{address}/right"),)
    )
    assert not store.has("model.bin")
    assert store.fetch("model.bin").read_bytes() == CONTENT


def test_a_damaged_file_is_not_used_and_is_fetched_again(tmp_path: Path, address: str) -> None:
    store = ModelStore(tmp_path, weights=(build_weight_file(f"{address}/right"),))
    (tmp_path / "model.bin").write_bytes(CONTENT[:-1])
    with pytest.raises(WeightsMissing, match=r"damaged.*weights fetch"):
        store.get_path("model.bin")
    assert not store.verify("model.bin")
    assert store.fetch("model.bin").read_bytes() == CONTENT
    assert store.verify("model.bin")


def test_a_file_damaged_later_is_noticed(tmp_path: Path, address: str) -> None:
    store = ModelStore(tmp_path, weights=(build_weight_file(f"{address}/right"),))
    path = store.fetch("model.bin")
    assert store.has("model.bin")
    path.write_bytes(CONTENT[::-1])
    os.utime(path, (1, 1))
    assert not store.has("model.bin")


def test_a_file_is_read_once_per_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weight = build_weight_file()
    store = ModelStore(tmp_path, weights=(weight,))
    (tmp_path / "model.bin").write_bytes(CONTENT)
    store.get_path("model.bin")
    monkeypatch.setattr(WeightFile, "is_in", lambda *_given: pytest.fail("read again"))
    store.get_path("model.bin")


def test_a_digest_is_computed_again_when_the_file_changed(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(CONTENT)
    assert compute_sha256(path) == hashlib.sha256(CONTENT).hexdigest()
    path.write_bytes(CONTENT[1:])
    assert compute_sha256(path) == hashlib.sha256(CONTENT[1:]).hexdigest()


def test_many_threads_can_fetch_the_same_file(tmp_path: Path, address: str) -> None:
    weight = build_weight_file(f"{address}/right")

    def fetch(_number: int) -> bytes:
        return ModelStore(tmp_path / "models", weights=(weight,)).fetch("model.bin").read_bytes()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(fetch, range(16))) == {CONTENT}
    assert list_files(tmp_path / "models") == ["model.bin"]


def test_a_folder_that_cannot_be_created_is_reported(tmp_path: Path, address: str) -> None:
    (tmp_path / "models").write_text("a file where the folder should be")
    store = ModelStore(tmp_path / "models", weights=(build_weight_file(f"{address}/right"),))
    with pytest.raises(WeightsMissing, match="File exists"):
        store.fetch("model.bin")


def test_the_error_for_a_missing_file_names_the_command(tmp_path: Path) -> None:
    store = ModelStore(tmp_path)
    with pytest.raises(
        WeightsMissing, match=r"hifill\.pb is not installed.*weights fetch"
    ) as caught:
        store.get_path("hifill.pb")
    assert caught.value.code == "weights_missing"
    assert store.find("hifill.pb") is None
    assert not store.verify("hifill.pb")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        # As `git hash-object` names them.
        (b"", "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"),
        (b"hello\n", "ce013625030ba8dba906f756967f9e9ca394464a"),
    ],
)
def test_a_file_can_be_pinned_by_its_git_blob(tmp_path: Path, content: bytes, name: str) -> None:
    weight = WeightFile("blob", (), "MIT", "is a blob", "nothing works", git_blob=name)
    path = tmp_path / "blob"
    path.write_bytes(content)
    assert weight.is_in(path)
    path.write_bytes(content + b"\n")
    assert not weight.is_in(path)


def test_exactly_one_digest_pins_a_file() -> None:
    with pytest.raises(ValueError, match="must be pinned"):
        WeightFile("none", (), "MIT", "", "")


def test_no_address_of_our_weights_is_that_of_a_branch() -> None:
    for weight in WEIGHTS:
        for url in weight.urls:
            host, *path = url.removeprefix("https://").split("/")
            if host in ("raw.githubusercontent.com", "media.githubusercontent.com"):
                commit = path[3 if path[0] == "media" else 2]
                assert re.fullmatch("[0-9a-f]{40}", commit)
            elif host == "huggingface.co":
                # Nothing older than the newest file can be named: the digest refuses others.
                assert weight.sha256
            else:
                assert "releases/download" in url or host == "storage.googleapis.com"
    assert len(HIFILL.urls) == 2


def test_the_environment_sets_folder_and_mirror(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("VANISH_MODEL_DIR", raising=False)
    monkeypatch.delenv("VANISH_MODEL_MIRROR", raising=False)
    store = ModelStore.from_environment()
    assert (store.folder, store.mirror) == (tmp_path / ".cache/vanish/models", None)
    monkeypatch.setenv("VANISH_MODEL_DIR", str(tmp_path / "models"))
    monkeypatch.setenv("VANISH_MODEL_MIRROR", "~/mirror")
    store = ModelStore.from_environment()
    assert (store.folder, store.mirror) == (tmp_path / "models", tmp_path / "mirror")


# Files that the test data can't hold are left out.
REAL_FILES = [weight.name for weight in WEIGHTS if weight != HIFILL and not weight.engine]


@pytest.mark.parametrize("name", REAL_FILES)
def test_the_real_files_have_their_pinned_digests(
    tmp_path: Path, test_data: Path, name: str
) -> None:
    store = ModelStore(tmp_path / "models", test_data / "models")
    assert store.get_path(name) == test_data / "models" / name
    assert store.fetch(name) == store.folder / name
    assert store.verify(name)
    assert store.weights[name].size == (store.folder / name).stat().st_size
