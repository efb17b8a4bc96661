"""`python -m tests.image`: build the image and prove it. Called by infra/verify-image."""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import trustme

from tests.image import building, proofs, tools
from tests.image.tools import Failed, Store


def main() -> int:
    """Every step in its order; 1 with the reason at the first that fails."""
    absent = tools.missing()
    data = Path(os.environ.get("VANISH_TEST_DATA") or "/nowhere")
    if not (data / "photos").is_dir():
        absent.append("real photos (VANISH_TEST_DATA)")
    if absent:
        print(f"The image is not verified: {', '.join(absent)} not here.")
        return 1 if os.environ.get("CI") == "true" else 0
    with tempfile.TemporaryDirectory(prefix="vanish-image-", dir=tools.PLACE) as folder:
        store = Store(Path(folder))
        try:
            _prove(store, data)
        except Failed as failure:
            print(f"The image fails: {failure}", file=sys.stderr)
            return 1
        finally:
            store.remove()
    print("The image is verified.")
    return 0


def _prove(store: Store, data: Path) -> None:
    authority = trustme.CA()
    bundle = authority.cert_pem.bytes()
    _step("base image", lambda: building.make_base(store))
    _step("build", lambda: building.build(store, mirror=data, authority=bundle))
    _step("contents", lambda: proofs.contents(store))
    _step("refusals", lambda: proofs.refusals(store))
    _step("everything at once", lambda: proofs.embedded(store, data / "photos"))
    _step("role by role on services", lambda: proofs.roles(store, data / "photos", authority))


def _step(name: str, work: Callable[[], None]) -> None:
    began = time.monotonic()
    print(f"{name} …", flush=True)
    work()
    print(f"{name}: done in {time.monotonic() - began:.0f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
