"""`python -m tests.image` builds the image and tests it; infra/verify-image calls it."""

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
    """Run all steps in order. Return 1 at the first one that fails."""
    missing = tools.list_missing()
    data = Path(os.environ.get("VANISH_TEST_DATA") or "/nowhere")
    if not (data / "photos").is_dir():
        missing.append("real photos (VANISH_TEST_DATA)")
    if missing:
        print(f"The image is not verified: {', '.join(missing)} not here.")
        return 1 if os.environ.get("CI") == "true" else 0
    with tempfile.TemporaryDirectory(prefix="vanish-image-", dir=tools.PLACE) as folder:
        store = Store(Path(folder))
        try:
            _check_image(store, data)
        except Failed as failure:
            print(f"The image fails: {failure}", file=sys.stderr)
            return 1
        finally:
            store.remove()
    print("The image is verified.")
    return 0


def _check_image(store: Store, data: Path) -> None:
    authority = trustme.CA()
    bundle = authority.cert_pem.bytes()
    _run_step("base image", lambda: building.make_base(store))
    _run_step("build", lambda: building.build_image(store, mirror=data, authority=bundle))
    _run_step("contents", lambda: proofs.check_contents(store))
    _run_step("refusals", lambda: proofs.check_refusals(store))
    _run_step("everything at once", lambda: proofs.check_embedded(store, data / "photos"))
    _run_step(
        "role by role on services", lambda: proofs.check_roles(store, data / "photos", authority)
    )


def _run_step(name: str, work: Callable[[], None]) -> None:
    start = time.monotonic()
    print(f"{name} …", flush=True)
    work()
    print(f"{name}: done in {time.monotonic() - start:.0f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
