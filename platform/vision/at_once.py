"""Several pieces of work side by side, heard and stopped as one."""

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from threading import Event

from vision.errors import Cancelled
from vision.progress import Checkpoint, part_of

LISTEN_SECONDS = 0.1

type Piece[Result] = Callable[[Checkpoint], Result]


def done_at_once[Result](
    pieces: Sequence[Piece[Result]], *, most: int, checkpoint: Checkpoint
) -> list[Result]:
    """What the pieces give, in their order; at most `most` of them run at a time.

    Args:
        pieces: each is called with a checkpoint of its own, in a thread where `most` is above 1.
        checkpoint: called with the share of all that is done, always in the calling thread (it may
            use what belongs to that). What it raises ends all the work.

    Raises whatever a piece or the checkpoint raises, once every piece has ended.
    """
    if most <= 1 or len(pieces) <= 1:
        count = len(pieces)
        return [
            piece(part_of(checkpoint, number / count, (number + 1) / count))
            for number, piece in enumerate(pieces)
        ]
    ends = Event()
    shares = [0.0] * len(pieces)
    with ThreadPoolExecutor(most, thread_name_prefix="piece") as threads:
        try:
            futures = [
                threads.submit(piece, _share_of(shares, number, ends))
                for number, piece in enumerate(pieces)
            ]
            _listen(futures, shares, checkpoint)
        except BaseException:
            ends.set()
            threads.shutdown(cancel_futures=True)
            raise
    return [future.result() for future in futures]


def _listen[Result](
    futures: list[Future[Result]], shares: list[float], checkpoint: Checkpoint
) -> None:
    """Report until all have ended; raise as soon as one has failed."""
    waiting = set(futures)
    while waiting:
        ended, waiting = wait(waiting, LISTEN_SECONDS, FIRST_EXCEPTION)
        for future in ended:
            future.result()
        checkpoint(sum(shares) / len(shares))


def _share_of(shares: list[float], number: int, ends: Event) -> Checkpoint:
    def report(share: float) -> None:
        if ends.is_set():
            raise Cancelled
        shares[number] = max(shares[number], min(share, 1.0))

    return report
