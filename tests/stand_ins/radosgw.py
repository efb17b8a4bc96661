"""Ceph's object gateway: a real S3 server that refuses forged and expired signatures.

One monitor, one store in memory and the gateway run on this machine, set up like Ceph's own
test clusters (docs.ceph.com, "Manual deployment").
"""

import os
import shutil
import signal
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.stand_ins.ports import find_free_port, is_listening, is_true_within, wait_for

ACCESS_KEY, SECRET_KEY = "testing12345", "testing-secret-12345"
PROGRAMS = ("ceph", "ceph-mon", "ceph-osd", "monmaptool", "radosgw", "radosgw-admin")
MAX_STARTS, START_SECONDS = 5, 10.0

CONFIG = """
[global]
fsid = {fsid}
mon host = v1:127.0.0.1:{monitor}
ms bind msgr2 = false
mon initial members = a
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = none
auth service required = none
auth client required = none
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd crush chooseleaf type = 0
mon warn on pool no redundancy = false
mon allow pool size one = true
mon data = {folder}/mon
osd data = {folder}/osd
osd objectstore = memstore
memstore device bytes = 8589934592
mgr initial modules =
run dir = {folder}
crash dir = {folder}
exporter sock dir = {folder}
admin socket = {folder}/$name.asok
pid file = {folder}/$name.pid
log file = {folder}/$name.log
osd op num threads per shard = 1
rgw frontends = beast endpoint=127.0.0.1:{gateway}
rgw crypt require ssl = false
"""


@contextmanager
def start_server() -> Iterator[str]:
    """Start a cluster and yield the URL of its S3 gateway.

    Raises FileNotFoundError if Ceph's programs are not installed.
    """
    for program in PROGRAMS:
        if shutil.which(program) is None:
            raise FileNotFoundError(f"{program} (Debian: radosgw, ceph-mon, ceph-osd)")
    with tempfile.TemporaryDirectory(prefix="vanish-ceph-") as folder:
        cluster = _Cluster(Path(folder))
        try:
            yield cluster.start()
        finally:
            cluster.stop()


class _Cluster:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._config = folder / "ceph.conf"
        self._monitor, self._gateway = find_free_port(), find_free_port()
        self._servers: list[subprocess.Popen[bytes]] = []
        self._fsid = str(uuid.uuid4())

    def start(self) -> str:
        for name in ("mon", "osd"):
            (self._folder / name).mkdir()
        self._config.write_text(
            CONFIG.format(
                fsid=self._fsid,
                folder=self._folder,
                monitor=self._monitor,
                gateway=self._gateway,
            )
        )
        self._start_monitor()
        self._start_store()
        keys = ("--access-key", ACCESS_KEY, "--secret-key", SECRET_KEY)
        self._run("radosgw-admin", "user", "create", "--uid=t", "--display-name=t", *keys)
        self._start_program("radosgw", "-n", "client.rgw.a", "-f")
        wait_for(lambda: is_listening(self._gateway), "the S3 gateway answers")
        return f"http://127.0.0.1:{self._gateway}"

    def stop(self) -> None:
        for server in reversed(self._servers):
            server.send_signal(signal.SIGKILL)
            server.wait()

    def _start_monitor(self) -> None:
        monitors = str(self._folder / "monmap")
        address = f"[v1:127.0.0.1:{self._monitor}]"
        create = ("--create", "--clobber", "--fsid", self._fsid, "--addv", "a", address)
        self._run("monmaptool", *create, monitors)
        self._run("ceph-mon", "--mkfs", "-i", "a", "--monmap", monitors)
        self._start_program("ceph-mon", "-i", "a", "-f")
        wait_for(lambda: is_listening(self._monitor), "the monitor listens")

    def _start_store(self) -> None:
        """Start the store in memory; restart it if it ends or hangs, as it sometimes does."""
        name = str(uuid.uuid4())
        self._query_monitor("osd", "new", name)
        self._run("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", name)
        for _ in range(MAX_STARTS):
            store = self._start_program("ceph-osd", "-i", "0", "-f")
            if is_true_within(self._is_up, START_SECONDS):
                break
            store.kill()
            store.wait()
        else:
            raise RuntimeError("Ceph's store does not start")
        location = ("osd.0", "1.0", "root=default", "host=h")
        self._query_monitor("osd", "crush", "add", *location)

    def _is_up(self) -> bool:
        return b" 1 up" in self._query_monitor("osd", "stat")

    def _query_monitor(self, *arguments: str) -> bytes:
        """Return the monitor's answer; repeat the query, because it refuses queries at first."""
        answers: list[bytes] = []

        def is_answered() -> bool:
            try:
                answers.append(self._run("ceph", *arguments))
            except RuntimeError:
                return False
            return True

        wait_for(is_answered, f"ceph {' '.join(arguments)}")
        return answers[0]

    def _start_program(self, *command: str) -> "subprocess.Popen[bytes]":
        with (self._folder / f"{command[0]}.out").open("ab") as log:
            server = subprocess.Popen(
                command, env=self._build_environment(), stdout=log, stderr=subprocess.STDOUT
            )
        self._servers.append(server)
        return server

    def _run(self, *command: str) -> bytes:
        result = subprocess.run(
            command, env=self._build_environment(), capture_output=True, timeout=60, check=False
        )
        if result.returncode:
            raise RuntimeError(f"{command[0]}: {result.stderr.decode(errors='replace')[-800:]}")
        return result.stdout

    def _build_environment(self) -> dict[str, str]:
        return os.environ | {"CEPH_CONF": str(self._config)}
