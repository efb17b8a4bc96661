"""The network as a worker loads it: the proven ONNX model, else the released graph."""

import logging
from collections.abc import Sequence
from pathlib import Path

from vision.errors import InpainterFailed
from vision.inpainters.hifill_network.contract import Network
from vision.inpainters.hifill_network.manifest import find_proven_model
from vision.inpainters.hifill_network.onnx_network import OnnxNetwork
from vision.inpainters.hifill_network.tensorflow_network import TensorFlowNetwork

logger = logging.getLogger(__name__)


def load_network(graph: Path, folders: Sequence[Path]) -> Network:
    """Load the ONNX model that was proven against this graph, else the graph in TensorFlow.

    TensorFlow is imported only if there is no such model or it can't be opened.

    Args:
        graph: the released graph.
        folders: where the model may lie.

    Raises:
        InpainterFailed: codes inpainter_unavailable, inpainter_bad_graph.
    """
    model = find_proven_model(graph, folders)
    if model is not None:
        try:
            return OnnxNetwork(model)
        except InpainterFailed as error:
            logger.warning("TensorFlow runs HiFill instead of ONNX Runtime: %s", error)
    return TensorFlowNetwork(graph)
