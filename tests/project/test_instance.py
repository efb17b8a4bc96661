"""Only one installation runs on a data folder, and only on a free port."""

import os
import socket
from pathlib import Path

import pytest

from processes.instance import CannotStart, ensure_only_instance, is_alive, require_free_port
from tests.stand_ins.ports import find_free_port


def test_a_data_folder_in_use_is_refused_and_its_process_named(tmp_path: Path) -> None:
    with (
        ensure_only_instance(tmp_path),
        pytest.raises(CannotStart, match=f"process {os.getpid()}"),
        ensure_only_instance(tmp_path),
    ):
        pass


def test_the_folder_is_free_again_afterwards(tmp_path: Path) -> None:
    for _start in range(2):
        with ensure_only_instance(tmp_path):
            assert (tmp_path / "run.lock").read_text() == str(os.getpid())


def test_a_port_in_use_is_refused_with_advice() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(CannotStart, match=r"PORT=\d+ make run"):
            require_free_port("127.0.0.1", port)
        # The port is free once the other socket is closed, although it never spoke HTTP.
        other.close()

    require_free_port("127.0.0.1", port)


def test_nothing_is_alive_on_a_free_port() -> None:
    assert not is_alive("127.0.0.1", find_free_port(), "localhost")
