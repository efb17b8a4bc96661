"""Several pieces of work in parallel threads, with one progress and one way to cancel them."""

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from threading import Event

from vision.errors import Cancelled
from vision.progress import Checkpoint, scale_checkpoint

REPORT_SECONDS = 0.1

type Piece[Result] = Callable[[Checkpoint], Result]


def run_parallel[Result](
    pieces: Sequence[Piece[Result]], *, max_workers: int, checkpoint: Checkpoint
) -> list[Result]:
    """Run the pieces, at most `max_workers` of them at a time, and return their results in order.

    Args:
        pieces: each is called with its own checkpoint, in a thread where `max_workers` is above 1.
        checkpoint: called with the share of all work that is done, always in the calling thread
            (so it may use that thread's objects). An exception it raises stops all the work.

    Raises whatever a piece or the checkpoint raises, once every piece has ended.
    """
    if max_workers <= 1 or len(pieces) <= 1:
        count = len(pieces)
        return [
            piece(scale_checkpoint(checkpoint, number / count, (number + 1) / count))
            for number, piece in enumerate(pieces)
        ]
    stop = Event()
    shares = [0.0] * len(pieces)
    with ThreadPoolExecutor(max_workers, thread_name_prefix="piece") as threads:
        try:
            futures = [
                threads.submit(piece, _build_checkpoint(shares, number, stop))
                for number, piece in enumerate(pieces)
            ]
            _wait_for_all(futures, shares, checkpoint)
        except BaseException:
            stop.set()
            threads.shutdown(cancel_futures=True)
            raise
    return [future.result() for future in futures]


def _wait_for_all[Result](
    futures: list[Future[Result]], shares: list[float], checkpoint: Checkpoint
) -> None:
    """Report the progress until all have ended; raise as soon as one has failed."""
    waiting = set(futures)
    while waiting:
        ended, waiting = wait(waiting, REPORT_SECONDS, FIRST_EXCEPTION)
        for future in ended:
            future.result()
        checkpoint(sum(shares) / len(shares))


def _build_checkpoint(shares: list[float], number: int, stop: Event) -> Checkpoint:
    def report(share: float) -> None:
        if stop.is_set():
            raise Cancelled
        shares[number] = max(shares[number], min(share, 1.0))

    return report
