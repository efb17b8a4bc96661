"""The image, built from the project's own Dockerfile on a base that is made here.

The base stands for python:3.12-slim, which no closed machine can pull: Debian's own packages and
the Python that runs this, tagged with its name. What the machine needs to reach package
registries, like its own certificate authorities, goes into that base and not into the Dockerfile.
"""

import shutil
import sys
from pathlib import Path

from tests.image.tools import Store, do

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
"""What Python's own modules are linked to."""
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
NOT_NEEDED = ("site-packages", "test", "*.a", "__pycache__")
MISSING = "hifill.pb"
"""Weights that cannot be had on closed machines: the image does without."""


def make_base(store: Store) -> None:
    """Debian 12 with Python 3.12 in /usr/local, as the real one has it."""
    root = store.folder / "base"
    do("debootstrap", "--variant=minbase", f"--include={','.join(LIBRARIES)}", "bookworm", root)
    _copy_python(root / "usr/local")
    (root / "usr/local/bin/python").unlink(missing_ok=True)
    (root / "usr/local/bin/python").symlink_to("python3.12")
    shutil.copyfile(CERTIFICATES, root / CERTIFICATES.lstrip("/"))
    do("chroot", root, "ldconfig")
    container = store.buildah("from", "scratch").splitlines()[-1]
    store.buildah("add", container, root, "/")
    for variable in ("SSL_CERT_FILE", "PIP_CERT"):
        store.buildah("config", "--env", f"{variable}={CERTIFICATES}", container)
    store.buildah("config", "--env", "PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", container)
    store.buildah("commit", "--quiet", "--rm", container, BASE)
    shutil.rmtree(root)


def _copy_python(target: Path) -> None:
    """This Python without what was installed into it."""
    left_out = shutil.ignore_patterns(*NOT_NEEDED)
    shutil.copytree(sys.base_prefix, target, symlinks=True, dirs_exist_ok=True, ignore=left_out)


def build(store: Store, *, mirror: Path, authority: bytes) -> None:
    """The image, from what git knows of the working tree.

    `mirror` has `models/` and `photos/`; `authority` signs the database's certificate.
    """
    context = store.folder / "context"
    _copy_context(context)
    into = context / "infra/image/mirror"
    shutil.copytree(mirror / "models", into / "models")
    shutil.copytree(mirror / "photos", into / "examples", ignore=shutil.ignore_patterns("pairs"))
    (into / "rds.pem").write_bytes(authority)
    revision = do("git", "-C", ROOT, "rev-parse", "HEAD").stdout.strip()
    store.buildah(
        "bud",
        *("--isolation", "chroot", "--pull-never", "--format", "docker", "--layers"),
        *("--build-arg", f"MAY_BE_MISSING={MISSING}", "--build-arg", f"REVISION={revision}"),
        *("--tag", IMAGE, context),
    )
    shutil.rmtree(context)


def _copy_context(context: Path) -> None:
    listed = do("git", "-C", ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    for name in filter(None, listed.stdout.split("\0")):
        source, target = ROOT / name, context / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
