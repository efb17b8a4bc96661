"""Parallel pieces of work: ordered results, one progress, one end."""

import threading

import pytest

from vision.errors import Cancelled
from vision.parallel import Piece, run_parallel
from vision.progress import Checkpoint, ignore_progress


def build_piece(number: int) -> Piece[int]:
    def return_number(checkpoint: Checkpoint) -> int:
        checkpoint(0.5)
        checkpoint(1.0)
        return number

    return return_number


@pytest.mark.parametrize("max_parallel", [1, 2, 8])
@pytest.mark.parametrize("count", [0, 1, 5])
def test_results_are_in_order_and_progress_rises_to_the_end(count: int, max_parallel: int) -> None:
    shares: list[float] = []
    pieces = [build_piece(number) for number in range(count)]
    assert run_parallel(pieces, max_workers=max_parallel, checkpoint=shares.append) == list(
        range(count)
    )
    assert shares == sorted(shares)
    assert shares[-1:] == ([1.0] if count else [])


def test_the_allowed_number_of_pieces_run_at_the_same_time() -> None:
    barrier = threading.Barrier(2, timeout=10)

    def wait_for_other(_checkpoint: Checkpoint) -> int:
        return barrier.wait()

    assert sorted(
        run_parallel([wait_for_other, wait_for_other], max_workers=2, checkpoint=ignore_progress)
    ) == [
        0,
        1,
    ]


def test_the_checkpoint_is_called_in_the_callers_thread() -> None:
    threads = set()

    def record_thread(_share: float) -> None:
        threads.add(threading.current_thread())

    run_parallel([build_piece(1), build_piece(2)], max_workers=2, checkpoint=record_thread)
    assert threads == {threading.current_thread()}


def run_forever(checkpoint: Checkpoint) -> None:
    while True:
        checkpoint(0.1)
        threading.Event().wait(0.005)


def test_cancelling_ends_every_piece() -> None:
    def cancel(share: float) -> None:
        if share > 0:
            raise Cancelled

    with pytest.raises(Cancelled):
        run_parallel([run_forever, run_forever, run_forever], max_workers=2, checkpoint=cancel)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("piece")]


def test_a_piece_that_fails_ends_the_others() -> None:
    def fail(_checkpoint: Checkpoint) -> None:
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        run_parallel([run_forever, fail], max_workers=2, checkpoint=ignore_progress)
