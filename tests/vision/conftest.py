"""Fixtures of the imaging tests."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks import hifill_graph
from tests.aws import aws_credentials
from vision.inpainters.hifill_network.conversion import convert
from vision.inpainters.hifill_network.manifest import Manifest
from vision.weights import HIFILL, ModelStore

__all__ = ["aws_credentials"]


@pytest.fixture
def store(test_data: Path, tmp_path: Path) -> ModelStore:
    """The models of the test data, seen as a mirror."""
    return ModelStore(tmp_path, test_data / "models")


@dataclass(frozen=True)
class ConvertedNetwork:
    """A graph of HiFill's architecture with few channels, and its forms in the same folder."""

    graph: Path
    manifest: Manifest

    @property
    def folder(self) -> Path:
        """Where they lie."""
        return self.graph.parent

    def copied_to(self, folder: Path) -> Path:
        """The graph's path in a copy that may be spoiled."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return folder / self.graph.name


@pytest.fixture(scope="session")
def converted(tmp_path_factory: pytest.TempPathFactory) -> ConvertedNetwork:
    """Converted for real, once a session."""
    graph = tmp_path_factory.mktemp("converted") / HIFILL.name
    hifill_graph.write(graph, channels=2)
    return ConvertedNetwork(graph, convert(graph, [graph.parent]))
