"""The image, built from the project's own Dockerfile on a base image of our own.

The base image replaces python:3.12-slim, which cannot be pulled without internet: it has Debian's
packages and the Python that runs this, and the same tag. Certificate authorities that this machine
needs for package registries go into the base image and not into the Dockerfile.
"""

import shutil
import sys
from pathlib import Path

from tests.image.tools import Store, run_command

ROOT = Path(__file__).resolve().parents[2]
BASE = "docker.io/library/python:3.12-slim"
IMAGE = "localhost/vanish:proof"
LIBRARIES = (
    "ca-certificates",
    "libssl3",
    "libffi8",
    "libsqlite3-0",
    "zlib1g",
    "libbz2-1.0",
    "liblzma5",
    "libreadline8",
    "libncursesw6",
    "libexpat1",
    "libuuid1",
)
"""Libraries that Python's own modules are linked to."""
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
NOT_NEEDED = ("site-packages", "test", "*.a", "__pycache__")
MISSING = "hifill.pb"
"""Weights that cannot be downloaded without internet; the image works without them."""


def make_base(store: Store) -> None:
    """Build the base image: Debian 12 with Python 3.12 in /usr/local, like the real one."""
    root = store.folder / "base"
    run_command(
        "debootstrap", "--variant=minbase", f"--include={','.join(LIBRARIES)}", "bookworm", root
    )
    _copy_python(root / "usr/local")
    (root / "usr/local/bin/python").unlink(missing_ok=True)
    (root / "usr/local/bin/python").symlink_to("python3.12")
    shutil.copyfile(CERTIFICATES, root / CERTIFICATES.lstrip("/"))
    run_command("chroot", root, "ldconfig")
    container = store.run_buildah("from", "scratch").splitlines()[-1]
    store.run_buildah("add", container, root, "/")
    for variable in ("SSL_CERT_FILE", "PIP_CERT"):
        store.run_buildah("config", "--env", f"{variable}={CERTIFICATES}", container)
    store.run_buildah(
        "config", "--env", "PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", container
    )
    store.run_buildah("commit", "--quiet", "--rm", container, BASE)
    shutil.rmtree(root)


def _copy_python(target: Path) -> None:
    """Copy this Python without its installed packages."""
    ignore = shutil.ignore_patterns(*NOT_NEEDED)
    shutil.copytree(sys.base_prefix, target, symlinks=True, dirs_exist_ok=True, ignore=ignore)


def build_image(store: Store, *, mirror: Path, authority: bytes) -> None:
    """Build the image from the files of the working tree that Git does not ignore.

    `mirror` has `models/` and `photos/`; `authority` signs the database's certificate.
    """
    context = store.folder / "context"
    _copy_context(context)
    into = context / "infra/image/mirror"
    shutil.copytree(mirror / "models", into / "models")
    shutil.copytree(mirror / "photos", into / "examples", ignore=shutil.ignore_patterns("pairs"))
    (into / "rds.pem").write_bytes(authority)
    revision = run_command("git", "-C", ROOT, "rev-parse", "HEAD").stdout.strip()
    store.run_buildah(
        "bud",
        *("--isolation", "chroot", "--pull-never", "--format", "docker", "--layers"),
        *("--build-arg", f"MAY_BE_MISSING={MISSING}", "--build-arg", f"REVISION={revision}"),
        *("--tag", IMAGE, context),
    )
    shutil.rmtree(context)


def _copy_context(context: Path) -> None:
    result = run_command(
        "git", "-C", ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "-z"
    )
    for name in filter(None, result.stdout.split("\0")):
        source, target = ROOT / name, context / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
