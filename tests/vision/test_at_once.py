"""Pieces of work side by side: in order, heard as one, ended together."""

import threading

import pytest

from vision.at_once import Piece, run_parallel
from vision.errors import Cancelled
from vision.progress import Checkpoint, ignore_progress


def numbered(number: int) -> Piece[int]:
    def piece(checkpoint: Checkpoint) -> int:
        checkpoint(0.5)
        checkpoint(1.0)
        return number

    return piece


@pytest.mark.parametrize("most", [1, 2, 8])
@pytest.mark.parametrize("count", [0, 1, 5])
def test_results_come_in_order_and_the_share_rises_to_the_end(count: int, most: int) -> None:
    heard: list[float] = []
    pieces = [numbered(number) for number in range(count)]
    assert run_parallel(pieces, max_workers=most, checkpoint=heard.append) == list(range(count))
    assert heard == sorted(heard)
    assert heard[-1:] == ([1.0] if count else [])


def test_as_many_run_at_a_time_as_may() -> None:
    meet = threading.Barrier(2, timeout=10)

    def piece(_checkpoint: Checkpoint) -> int:
        return meet.wait()

    assert sorted(run_parallel([piece, piece], max_workers=2, checkpoint=ignore_progress)) == [0, 1]


def test_the_checkpoint_is_called_in_the_callers_thread() -> None:
    threads = set()

    def checkpoint(_share: float) -> None:
        threads.add(threading.current_thread())

    run_parallel([numbered(1), numbered(2)], max_workers=2, checkpoint=checkpoint)
    assert threads == {threading.current_thread()}


def endless(checkpoint: Checkpoint) -> None:
    while True:
        checkpoint(0.1)
        threading.Event().wait(0.005)


def test_a_cancelled_work_ends_every_piece() -> None:
    def checkpoint(share: float) -> None:
        if share > 0:
            raise Cancelled

    with pytest.raises(Cancelled):
        run_parallel([endless, endless, endless], max_workers=2, checkpoint=checkpoint)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("piece")]


def test_a_piece_that_fails_ends_the_others() -> None:
    def broken(_checkpoint: Checkpoint) -> None:
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        run_parallel([endless, broken], max_workers=2, checkpoint=ignore_progress)
