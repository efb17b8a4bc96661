"""The decoder's server: it imports the decoder once, and forks a child process for each picture.

`python -m vision.decoder.server`. It opens no picture itself, and a child opens one: so no picture
can touch the next one, and what a picture does to its child ends with that.

Standard input is a socket. Each request is the Limits as JSON, with two descriptors: where the
child reads the file, and where it writes the result. The answers are `STARTED`, and at the end of
the child its exit status in 4 bytes. The server ends when the other end of the socket is closed.
"""

import gc
import json
import os
import socket
import sys

from vision.decoder.__main__ import run
from vision.decoder.answers import STARTED, STATUS_BYTES
from vision.decoder.limits import Limits

_REQUEST_BYTES = 2**16
_FAILED_STATUS = 1


def main() -> None:
    """Serve one request after the other until there are no more."""
    control = socket.socket(fileno=os.dup(sys.stdin.fileno()))
    # What exists now stays: the collector of a child must not copy its pages.
    gc.freeze()
    while True:
        request, descriptors, _flags, _address = socket.recv_fds(control, _REQUEST_BYTES, 2)
        if not request:
            return
        # Where no process can be forked, this one ends without an answer: the file is not to blame.
        child = os.fork()
        if child == 0:
            control.close()
            _decode_and_exit(Limits(**json.loads(request)), *descriptors)
        control.sendall(STARTED)
        for descriptor in descriptors:
            os.close(descriptor)
        _pid, status = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(status)
        control.sendall(code.to_bytes(STATUS_BYTES, "big", signed=True))


def _decode_and_exit(limits: Limits, source: int, target: int) -> None:
    """Decode one picture with this process's standard streams, and end the process."""
    status = _FAILED_STATUS
    try:
        os.dup2(source, sys.stdin.fileno())
        os.dup2(target, sys.stdout.fileno())
        os.close(source)
        os.close(target)
        run(limits)
        sys.stdout.buffer.flush()
        status = 0
    except SystemExit as end:
        status = int(end.code or 0)
    finally:
        # Never back into the server's loop, whatever happened.
        os._exit(status)


if __name__ == "__main__":
    main()
