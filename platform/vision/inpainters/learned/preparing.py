"""The step of `weights fetch` that checks the optional inpainters whose files are there."""

from collections.abc import Sequence

from vision.errors import InpainterFailed, WeightsMissing
from vision.inpainters.learned.contracts import CONTRACTS
from vision.weights import ModelStore

_PASSED = "passed its check"


def check_engines(store: ModelStore, names: Sequence[str]) -> list[str]:
    """Check these inpainters, and return one line about each whose file is in the store.

    Nothing is done again that was checked before with the same version of ONNX Runtime.

    Args:
        store: holds the models; the notes of the checks go into its folder.
        names: of inpainters; others than those of the table are ignored.
    """
    lines = []
    for contract in [CONTRACTS[name] for name in names if name in CONTRACTS]:
        try:
            model = store.get_path(contract.file)
        except WeightsMissing:
            continue
        # Late: without these files nothing here needs OpenCV.
        from vision.inpainters.learned.check import check_network

        try:
            fault = check_network(contract, model, store.folders).fault
            state = f"is off, as it did not pass its check: {fault}" if fault else _PASSED
        except InpainterFailed as error:
            state = f"could not be checked: {error}"
        lines.append(f"{contract.title} {state}")
    return lines
