"""Tests of the image: its contents, its error messages, and the way of a photo."""

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
from tests.image.containers import Container, run_in_container
from tests.image.services import Services, run_services
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
    "efficientdet_lite0.tflite",
)
DEMO = ("demo@vanish.example", "make-it-vanish")
INSPECTION = """
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


def check_contents(store: Store) -> None:
    """Check the image's settings, and what a process in it can read and write."""
    image = json.loads(store.run_podman("inspect", "--type", "image", IMAGE).stdout)[0]
    settings = image["Config"]
    _expect(settings["User"] == "10001:10001", "it runs as its own user", settings["User"])
    _expect(set(settings["Volumes"]) == {"/data", "/tmp"}, "its volumes", settings["Volumes"])  # noqa: S108
    labels = settings["Labels"]
    _expect(labels["org.opencontainers.image.title"] == "Vanish", "its labels", labels)
    _expect("processes.health_check" in str(image.get("Healthcheck")), "its health check", settings)

    status, output = run_in_container(store, "manage", "shell", "--no-imports", "-c", INSPECTION)
    _expect(status == 0, "a command inside", output)
    found: dict[str, Any] = json.loads(output.splitlines()[-1])
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


def check_refusals(store: Store) -> None:
    """Check that a wrong command or setting ends with one line."""
    status, output = run_in_container(store, "worker-nothing")
    _expect(status == 1 and "is not one of the roles" in output, "an unknown role", output)
    status, output = run_in_container(
        store, "web", variables={"VANISH_DATA_DIR": "/opt/vanish/data"}
    )
    _expect(
        status == 1 and len(output.splitlines()) == 1, "a data folder that is read-only", output
    )
    for role in ("web", "worker-edits", "migrate"):
        status, output = run_in_container(
            store, role, variables={"VANISH_ENVIRONMENT": "production"}
        )
        _expect(status == 1, f"{role} without its settings", output)
        _expect(output.strip().startswith("Bad setting SECRET_KEY:"), f"what {role} says", output)
        _expect(len(output.strip().splitlines()) == 1, f"what {role} says", output)


def check_embedded(store: Store, photos: Path) -> None:
    """Check all roles in one container without settings, with the demo library."""
    port = str(find_free_port())
    with Container(store, "everything", memory=BASE_MEMORY, variables={"PORT": port}) as everything:
        _wait_until(everything, everything.is_healthy)
        with Client(f"http://127.0.0.1:{port}") as client:
            client.sign_in(*DEMO)
            _expect(client.count_photos() > 5, "the demo library", client.count_photos())
            _remove_object(client, photos / PHOTO)
        everything.stop()


def check_roles(store: Store, photos: Path, authority: trustme.CA) -> None:
    """Check each role in its own container, as large as its task, on fakes of AWS's services."""
    with run_services(authority) as services:
        status, output = run_in_container(
            store, "migrate", variables=services.build_migration_variables()
        )
        _expect(status == 0, "migrate", output)
        _expect("Created the database user" in output, "migrate", output)
        status, output = run_in_container(
            store, "migrate", variables=services.build_migration_variables()
        )
        _expect(status == 0 and "No migrations to apply" in output, "migrate again", output)
        status, output = run_in_container(
            store,
            "manage",
            "createsuperuser",
            "--no-input",
            variables=services.build_admin_variables(),
        )
        _expect(status == 0, "the first admin", output)
        with _start_all_roles(store, services) as containers:
            with Client(services.address, https=True) as client:
                client.sign_in(*services.admin)
                _remove_object(client, photos / PHOTO)
            for container in containers:
                _expect(container.is_running(), container.name, container.read_log())
                container.stop()


@contextmanager
def _start_all_roles(store: Store, services: Services) -> Iterator[list[Container]]:
    sizes = {"web": DEV.web} | {f"worker-{name}": size for name, size in DEV.workers.items()}
    with ExitStack() as stack:
        containers = []
        for role, size in sizes.items():
            container = Container(
                store, role, role, memory=size.memory, variables=services.build_role_variables()
            )
            containers.append(stack.enter_context(container))
        _wait_until(containers[0], containers[0].is_healthy)
        yield containers


def _wait_until(container: Container, is_so: Callable[[], bool]) -> None:
    if not is_true_within(is_so, START_SECONDS):
        raise Failed(f"{container.name} does not come up\n{container.read_log()}")


class Client(Vanish):
    """The API client, with the header that CloudFront adds."""

    def __init__(self, server: str, *, https: bool = False) -> None:
        super().__init__(server)
        if https:
            self._http.headers["CloudFront-Forwarded-Proto"] = "https"

    def count_photos(self) -> int:
        """Return the number of photos."""
        return len(list(self.iterate_rows("photos/")))

    def remove_found(self, photo_id: str) -> Edit:
        """Remove the first detected object, and return the finished edit."""
        first = next(item for item in self.list_detections(photo_id) if item["box"])
        return self.wait_for_edit(self.remove(photo_id, detections=[first["id"]])["id"])


def _remove_object(client: Client, file: Path) -> None:
    """Upload a photo, remove an object, and check the size and kind of the result."""
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
