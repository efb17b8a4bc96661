"""Rewriting the graph: which parts change, and which can't be cut to a window."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.frozen_graph import write_frozen_graph
from tests.vision.conftest import ConvertedNetwork
from vision.inpainters.hifill_network.rewriting.frozen_graph import FrozenGraph
from vision.inpainters.hifill_network.rewriting.locality import NotLocal
from vision.inpainters.hifill_network.rewriting.patches import rewrite_patches
from vision.inpainters.hifill_network.rewriting.transfer import rewrite_transfers
from vision.inpainters.hifill_network.rewriting.window import cut_to_window
from vision.inpainters.hifill_network.tensorflow_network import import_tensorflow, read_definition

CELLS = 1024


@pytest.fixture
def hifill_like_graph(converted_network: ConvertedNetwork) -> FrozenGraph:
    tensorflow = import_tensorflow()
    return FrozenGraph(tensorflow, read_definition(tensorflow, converted_network.graph))


def run_graph(definition: Any, outputs: list[str], inputs: dict[str, Any]) -> list[Any]:
    tensorflow = import_tensorflow()
    graph = tensorflow.Graph()
    with graph.as_default():
        tensorflow.import_graph_def(definition, name="")
    with tensorflow.compat.v1.Session(graph=graph) as session:
        return list(session.run(outputs, inputs))


def build_graph(decode: Any) -> FrozenGraph:
    """Build a graph whose `decode` paints from features and from what the attention transfers."""
    tf = import_tensorflow()
    graph = tf.Graph()
    with graph.as_default():
        picture = tf.compat.v1.placeholder(tf.float32, (1, 512, 512, 3), name="img")
        hole = tf.compat.v1.placeholder(tf.float32, (1, 512, 512, 1), name="mask")
        features = tf.nn.avg_pool2d(picture, 16, 16, "SAME")
        scores = tf.reshape(tf.reduce_mean(hole, (0, 1, 2)), (1, 1, 1, 1)) * tf.ones(
            (1, 32, 32, CELLS)
        )
        attention = tf.identity(tf.nn.softmax(scores), name="attention")
        transfer = tf.nn.conv2d(attention, tf.ones((1, 1, CELLS, 3)), 1, "SAME")
        picture = decode(tf, tf.concat([features, transfer], 3))
        tf.identity(picture, name="inpainted")
    return FrozenGraph(tf, graph.as_graph_def())


def enlarge(tf: Any, features: Any) -> Any:
    features = tf.nn.conv2d(features, tf.ones((3, 3, 6, 3)), 1, "SAME", dilations=2)
    return tf.compat.v1.image.resize_bilinear(features, (512, 512))


def test_extractions_and_half_overlapping_transfers_are_found(
    hifill_like_graph: FrozenGraph,
) -> None:
    assert rewrite_transfers(hifill_like_graph) == 2
    assert rewrite_patches(hifill_like_graph) == 3
    kinds = [
        node.op for node in hifill_like_graph.extract_graph(["inpainted:0", "attention:0"]).node
    ]
    assert "ExtractImagePatches" not in kinds
    # The third transfer's patches are three wide at a step of two.
    assert kinds.count("Conv2DBackpropInput") == 1


@pytest.mark.parametrize(("size", "step"), [(3, 1), (3, 2), (1, 2), (2, 2)])
def test_slices_equal_extracted_patches(size: int, step: int) -> None:
    tf = import_tensorflow()
    graph = tf.Graph()
    with graph.as_default():
        features = tf.compat.v1.placeholder(tf.float32, (1, 7, 10, 2), name="features")
        patches = tf.raw_ops.ExtractImagePatches(
            images=features,
            ksizes=[1, size, size, 1],
            strides=[1, step, step, 1],
            rates=[1, 1, 1, 1],
            padding="SAME",
        )
        tf.identity(patches, name="patches")
    frozen = FrozenGraph(tf, graph.as_graph_def())
    assert rewrite_patches(frozen) == 1
    values = np.random.default_rng(0).uniform(size=(1, 7, 10, 2))
    (before,) = run_graph(graph.as_graph_def(), ["patches:0"], {"features:0": values})
    (after,) = run_graph(frozen.extract_graph(["patches:0"]), ["patches:0"], {"features:0": values})
    assert (before == after).all()


def test_the_margin_is_as_wide_as_the_decoder_reaches() -> None:
    _, margin = cut_to_window(build_graph(enlarge))
    # Two cells from the dilated convolution and one from the enlargement.
    assert margin == 3


@pytest.mark.parametrize("name", ["mean", "turned", "strided", "dense", "corners"])
def test_what_is_not_local_is_not_cut(name: str) -> None:
    def decode(tf: Any, features: Any) -> Any:
        if name == "mean":
            features = features - tf.reduce_mean(features, (1, 2), keepdims=True)
        if name == "turned":
            features = tf.transpose(features, (0, 2, 1, 3))
        if name == "strided":
            features = tf.nn.conv2d(features, tf.ones((3, 3, 6, 6)), 2, "SAME")
            features = tf.concat([features, features], 1)
            features = tf.concat([features, features], 2)
        if name == "dense":
            features = features * tf.reshape(tf.range(CELLS * 6.0), (1, 32, 32, 6))
        if name == "corners":
            return tf.compat.v1.image.resize_bilinear(
                features[..., :3], (512, 512), align_corners=True
            )
        return enlarge(tf, features)

    with pytest.raises(NotLocal):
        cut_to_window(build_graph(decode))


def test_a_picture_that_does_not_follow_from_the_attention_is_not_cut(tmp_path: Path) -> None:
    tensorflow = import_tensorflow()
    definition = read_definition(tensorflow, write_frozen_graph(tmp_path / "hifill.pb"))
    with pytest.raises(NotLocal):
        cut_to_window(FrozenGraph(tensorflow, definition))
