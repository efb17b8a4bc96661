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
    """A graph of HiFill's architecture with few channels, and its ONNX model in the same folder."""

    graph: Path
    manifest: Manifest

    @property
    def folder(self) -> Path:
        """The folder of graph, model and manifest."""
        return self.graph.parent

    def copy_to(self, folder: Path) -> Path:
        """Copy the folder, so that a test may damage its files, and return the graph's new path."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return folder / self.graph.name


@pytest.fixture(scope="session")
def converted_network(tmp_path_factory: pytest.TempPathFactory) -> ConvertedNetwork:
    """A network that was really converted, once a test session."""
    graph = tmp_path_factory.mktemp("converted") / HIFILL.name
    hifill_graph.write(graph, channels=2)
    return ConvertedNetwork(graph, convert(graph, [graph.parent]))
