"""The model files Vanish can use: names, addresses, digests, licences."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path


@dataclass(frozen=True)
class WeightFile:
    """One model file, pinned by exactly one digest.

    Attributes:
        name: the file's name in the folder and in the mirror.
        urls: where to download it, in the order to try.
        licence: SPDX name and owner.
        purpose: what it is for.
        without: what happens while it is missing.
        sha256: hex digest of the content, or None.
        git_blob: hex object id of the content in git, or None.
        size: in bytes, where known.
    """

    name: str
    urls: tuple[str, ...]
    licence: str
    purpose: str
    without: str
    sha256: str | None = None
    git_blob: str | None = None
    size: int | None = None

    def __post_init__(self) -> None:
        if (self.sha256 is None) == (self.git_blob is None):
            raise ValueError(f"{self.name} must be pinned by sha256 or git_blob")

    def is_in(self, path: Path) -> bool:
        """Read `path` now and return whether it holds exactly this file. Raises OSError."""
        pinned = self.sha256 or self.git_blob
        return _compute_digest(path, as_git_blob=self.sha256 is None) == pinned

    def is_in_cached(self, path: Path) -> bool:
        """Return `is_in`; read the file once per process, and again after a change.

        Raises OSError.
        """
        stat = path.stat()
        return _is_in_cached(self, path, stat.st_mtime_ns, stat.st_size)


def compute_sha256(path: Path) -> str:
    """Return the file's hex digest; read it once per process, and again after a change.

    Raises OSError.
    """
    stat = path.stat()
    return _compute_sha256_cached(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=64)
def _compute_sha256_cached(path: Path, _modified: int, _size: int) -> str:
    return _compute_digest(path, as_git_blob=False)


@lru_cache(maxsize=64)
def _is_in_cached(weight: WeightFile, path: Path, _modified: int, _size: int) -> bool:
    return weight.is_in(path)


def _compute_digest(path: Path, *, as_git_blob: bool) -> str:
    # Git's object id of a file: sha1 over this header and the content.
    header = b"blob %d\0" % path.stat().st_size
    git_blob = partial(hashlib.sha1, header, usedforsecurity=False)
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, git_blob if as_git_blob else "sha256").hexdigest()


def _build_raw_url(repository: str, commit: str, path: str) -> str:
    """Return the address of a file in one commit, so that its content never changes."""
    return f"https://raw.githubusercontent.com/{repository}/{commit}/{path}"


HIFILL = WeightFile(
    name="hifill.pb",
    urls=(
        _build_raw_url(
            "Atlas200dk/sample-imageinpainting-HiFill",
            "1f7f769bd1ea225d4d5c8b094dd261ca9172927b",
            "GPU_CPU/pb/hifill.pb",
        ),
        _build_raw_url(
            "nicolasmetallo/legendary-streamlit-demo",
            "c8c3dfe32727537fa8fa93bdeeddec036444412b",
            "cdk/app/src/model_weights.pb",
        ),
    ),
    licence="BSD-3-Clause, Huawei",
    purpose="fills holes (HiFill)",
    without="PatchMatch fills the holes instead of HiFill",
    git_blob="2ae94705483c6796bd106be94c5fa4accc1a671d",
)
YOLOX_NANO = WeightFile(
    name="yolox_nano.onnx",
    urls=(
        _build_raw_url(
            "Kazuhito00/YOLOX-ONNX-TFLite-Sample",
            "3d4f1119d0694200671c08069ecb847aa0d8495a",
            "model/yolox_nano.onnx",
        ),
    ),
    licence="Apache-2.0, Megvii",
    purpose="finds objects (YOLOX-nano)",
    without="the local detector finds no objects",
    sha256="695e750a5d5754bb5a8d5325643b59282191a7e7a564e435a415fd3c578eab14",
    size=3_660_092,
)
DEEPLAB = WeightFile(
    name="deeplab_v3_1_default_1.onnx",
    urls=(
        _build_raw_url(
            "Kazuhito00/Image-Processing-Node-Editor",
            "46979d5b8eacb181abe970e4dd18e8f4cf0e750b",
            "node/deep_learning_node/semantic_segmentation/deeplab_v3/model/"
            "deeplab_v3_1_default_1.onnx",
        ),
    ),
    licence="Apache-2.0, Google",
    purpose="outlines objects (DeepLabV3)",
    without="outlines are coarser (GrabCut)",
    sha256="48a46b346ca7e2e96760b8a10a302046a3b5a9ce55e59d4c659c36d9cbd44118",
    size=2_781_296,
)
WEIGHTS = (HIFILL, YOLOX_NANO, DEEPLAB)
