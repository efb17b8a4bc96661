"""What the image must be and do."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import trustme

from infra.config import DEV
from tests.image.building import IMAGE
from tests.image.containers import Container, run
from tests.image.services import Services, running
from tests.image.tools import Failed, Store
from tests.stand_ins.ports import find_free_port, is_true_within
from vanish_client import Edit, Vanish
from vision.images import decode

PHOTO = "legendary_2.jpg"
START_SECONDS = 120
BASE_MEMORY = 4096
PARTS = (
    "pkg:generic/python",
    "pkg:pypi/django",
    "pkg:pypi/tensorflow-cpu",
    "pkg:deb/debian/tini",
    "pkg:deb/debian/libc6",
    "yolox_nano.onnx",
)
DEMO = ("demo@vanish.example", "make-it-vanish")
LOOK = """
import json, os, pathlib, shutil, sysconfig
def write(name):
    try:
        pathlib.Path(name, "probe").write_text("x")
    except OSError as error:
        return error.strerror
    return "written"
bom = json.loads(pathlib.Path("/opt/vanish/sbom.json").read_text())
print(json.dumps({
    "user": [os.getuid(), os.getgid()],
    "writes": {name: write(name) for name in ("/data", "/tmp", "/opt/vanish", "/etc", "/var/tmp")},
    "tools": [tool for tool in ("pip", "uv", "gcc", "git") if shutil.which(tool)],
    "first": pathlib.Path("/proc/1/comm").read_text().strip(),
    "parts": [part.get("purl", part["name"]).split("@")[0] for part in bom["components"]],
    "capabilities": [line.split()[1] for line in open("/proc/self/status") if "CapEff" in line][0],
}))
"""


def _expect(is_so: bool, what: str, found: object) -> None:
    if not is_so:
        raise Failed(f"{what}: {found}")


def contents(store: Store) -> None:
    """Its settings, and what a process inside can see and do."""
    image = json.loads(store.podman("inspect", "--type", "image", IMAGE).stdout)[0]
    settings = image["Config"]
    _expect(settings["User"] == "10001:10001", "it runs as its own user", settings["User"])
    _expect(set(settings["Volumes"]) == {"/data", "/tmp"}, "its volumes", settings["Volumes"])  # noqa: S108
    labels = settings["Labels"]
    _expect(labels["org.opencontainers.image.title"] == "Vanish", "its labels", labels)
    _expect("processes.health_check" in str(image.get("Healthcheck")), "its health check", settings)

    status, said = run(store, "manage", "shell", "--no-imports", "-c", LOOK)
    _expect(status == 0, "a command inside", said)
    found: dict[str, Any] = json.loads(said.splitlines()[-1])
    _expect(found["user"] == [10001, 10001], "the user inside", found["user"])
    refused = "Read-only file system"
    writes = {"/data": "written", "/tmp": "written"}  # noqa: S108
    writes |= dict.fromkeys(("/opt/vanish", "/etc", "/var/tmp"), refused)  # noqa: S108
    _expect(found["writes"] == writes, "what can be written to", found["writes"])
    _expect(found["tools"] == [], "no tools to build with", found["tools"])
    _expect(found["first"] == "tini", "the first process", found["first"])
    _expect(int(found["capabilities"], 16) == 0, "no capabilities", found["capabilities"])
    for part in PARTS:
        _expect(part in found["parts"], "the list of what it is made of", part)


def refusals(store: Store) -> None:
    """What cannot work is said in one line."""
    status, said = run(store, "worker-nothing")
    _expect(status == 1 and "none of the roles" in said, "an unknown role", said)
    status, said = run(store, "web", variables={"VANISH_DATA_DIR": "/opt/vanish/data"})
    _expect(status == 1 and len(said.splitlines()) == 1, "a data folder that is read-only", said)
    for role in ("web", "worker-edits", "migrate"):
        status, said = run(store, role, variables={"VANISH_ENVIRONMENT": "production"})
        _expect(status == 1, f"{role} without its settings", said)
        _expect(said.strip().startswith("Bad setting SECRET_KEY:"), f"what {role} says", said)
        _expect(len(said.strip().splitlines()) == 1, f"what {role} says", said)


def embedded(store: Store, photos: Path) -> None:
    """Nothing set but a free port: the whole product with the demo library."""
    port = str(find_free_port())
    with Container(store, "everything", memory=BASE_MEMORY, variables={"PORT": port}) as everything:
        _await(everything, everything.is_healthy)
        with Client(f"http://127.0.0.1:{port}") as client:
            client.sign_in(*DEMO)
            _expect(client.photos() > 5, "the demo library", client.photos())
            _remove_something(client, photos / PHOTO)
        everything.stop()


def roles(store: Store, photos: Path, authority: trustme.CA) -> None:
    """Each role in a container as large as its task, on servers that stand for AWS's."""
    with running(authority) as services:
        status, said = run(store, "migrate", variables=services.of_migration())
        _expect(status == 0, "migrate", said)
        _expect("Made the database's user" in said, "migrate", said)
        status, said = run(store, "migrate", variables=services.of_migration())
        _expect(status == 0 and "No migrations to apply" in said, "migrate again", said)
        status, said = run(
            store, "manage", "createsuperuser", "--no-input", variables=services.of_first_admin()
        )
        _expect(status == 0, "the first admin", said)
        with _all_roles(store, services) as containers:
            with Client(services.address, https=True) as client:
                client.sign_in(*services.admin)
                _remove_something(client, photos / PHOTO)
            for container in containers:
                _expect(container.is_running(), container.name, container.said())
                container.stop()


@contextmanager
def _all_roles(store: Store, services: Services) -> Iterator[list[Container]]:
    sizes = {"web": DEV.web} | {f"worker-{name}": size for name, size in DEV.workers.items()}
    with ExitStack() as stack:
        containers = []
        for role, size in sizes.items():
            container = Container(
                store, role, role, memory=size.memory, variables=services.of_role()
            )
            containers.append(stack.enter_context(container))
        _await(containers[0], containers[0].is_healthy)
        yield containers


def _await(container: Container, is_so: Callable[[], bool]) -> None:
    if not is_true_within(is_so, START_SECONDS):
        raise Failed(f"{container.name} does not come up\n{container.said()}")


class Client(Vanish):
    """The calls of the client, as a proxy hands them on."""

    def __init__(self, server: str, *, https: bool = False) -> None:
        super().__init__(server)
        if https:
            self._http.headers["CloudFront-Forwarded-Proto"] = "https"

    def photos(self) -> int:
        """How many there are."""
        return len(list(self.every("photos/")))

    def remove_found(self, photo_id: str) -> Edit:
        """The edit that removes the first object that was found, once it has ended."""
        first = next(item for item in self.detections(photo_id) if item["box"])
        return self.finished_edit(self.remove(photo_id, detections=[first["id"]])["id"])


def _remove_something(client: Client, file: Path) -> None:
    """A real photo in, something vanished, a file of the same size and kind out."""
    try:
        photo = client.upload(file)
        edit = client.remove_found(photo["id"])
        result = client.download(str(edit["revision"]))
    except httpx.HTTPError as error:
        raise Failed(f"the way of a photo: {error}") from error
    before, after = decode(file).pixels, decode(result.data).pixels
    _expect(result.mime == "image/jpeg", "the result's kind", result.mime)
    _expect(before.shape == after.shape, "the result's size", after.shape)
    share = float(np.mean((before != after).any(axis=2)))
    _expect(0.001 < share < 0.5, "the share of pixels that changed", share)
