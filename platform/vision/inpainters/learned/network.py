"""A network of the table in ONNX Runtime, and the errors that it can cause."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vision.errors import InpainterFailed
from vision.inpainters.learned.check_notes import build_unusable_error
from vision.inpainters.learned.contracts import Contract
from vision.onnx_session import open_onnx_session
from vision.processors import count_usable_processors


class LearnedNetwork:
    """A network, loaded. Create it in the process that uses it.

    Args:
        contract: its inputs and outputs.
        path: the ONNX model.

    Raises:
        InpainterFailed: codes inpainter_unavailable (no ONNX Runtime) and inpainter_crashed (it did
            not load this time, for example because memory ran out).
    """

    def __init__(self, contract: Contract, path: Path) -> None:
        self._contract = contract
        try:
            self._session = open_onnx_session(path, max_threads=count_usable_processors())
        except ImportError as error:
            reason = f"it needs ONNX Runtime, which does not load here ({error})"
            raise build_unusable_error(contract, reason, code="inpainter_unavailable") from error
        # ONNX Runtime's exceptions share no base class of their own.
        except Exception as error:
            raise InpainterFailed(
                f"{contract.title} could not be loaded. Try again, or choose another inpainter.",
                detail=f"ONNX Runtime could not open {path.name}: {error}",
                code="inpainter_crashed",
                permanent=False,
                user_can_fix=False,
            ) from error

    def run(self, picture: NDArray[np.uint8], hole: NDArray[np.bool_]) -> NDArray[np.uint8]:
        """Fill the hole in one pass.

        Args:
            picture: [512,512,3] uint8 RGB.
            hole: [512,512] bool.

        Returns:
            [512,512,3] uint8 RGB; only the pixels of the hole are defined.

        Raises:
            InpainterFailed: codes inpainter_bad_graph (a result of another shape or type) and
                inpainter_crashed (errors of the runtime, for example when memory runs out).
        """
        inputs = self._contract.to_inputs(picture, hole)
        try:
            result = self._session.run(None, inputs)[0]
        except Exception as error:
            title = self._contract.title
            raise InpainterFailed(
                f"{title} stopped while it filled the hole. Try again, or choose another"
                " inpainter.",
                detail=f"{title}'s network stopped: {error}",
                code="inpainter_crashed",
                permanent=False,
                user_can_fix=False,
            ) from error
        try:
            return self._contract.to_picture(np.asarray(result))
        except ValueError as error:
            raise build_unusable_error(self._contract, str(error)) from error
