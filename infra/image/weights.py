"""`python weights.py FOLDER MIRROR [MAY_BE_MISSING...]` fetches the weights into a folder."""

import sys
from pathlib import Path

from vision.errors import WeightsMissing
from vision.inpainters.hifill_network.preparing import prepare_network
from vision.weights import ModelStore


def main(folder: Path, mirror: Path, may_be_missing: set[str]) -> None:
    """Fetch every file of no optional engine, check its digest, and prepare HiFill's faster forms.

    Exit with the name of a missing file, unless it may be missing.
    """
    store = ModelStore(folder, mirror)
    unknown = may_be_missing - store.weights.keys()
    if unknown:
        sys.exit(f"There are no weights called {', '.join(sorted(unknown))}")
    folder.mkdir(parents=True, exist_ok=True)
    for name in [weight.name for weight in store.list_expected()]:
        try:
            print(store.fetch(name), flush=True)
        except WeightsMissing as error:
            if name not in may_be_missing:
                sys.exit(error.detail)
            print(f"Left out: {error.detail}", flush=True)
    for line in prepare_network(store):
        print(line, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), set(sys.argv[3:]))
