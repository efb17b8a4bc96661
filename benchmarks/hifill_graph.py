"""A frozen graph of HiFill's architecture and size, with random weights.

For timings, and for trying conversions, where the released weights can't be had. It has the parts
that Yi et al. (CVPR 2020, arXiv 2005.09704) describe, built from the operations that a graph frozen
by TensorFlow 1 has: a coarse network at 256 x 256 whose gates have one channel, a refinement
network at 512 x 512 whose gates are pointwise, dilated convolutions, attention computed on a grid
of 32 x 32 cells and transferred to the features of three resolutions. What it paints means nothing.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

SIDE = 512
COARSE_SIDE = 256
GRID = 32
CELLS = GRID * GRID
CHANNELS = 32
BOTTLENECK_SIDE = 64
COARSE_DILATIONS = (1, 1, 1, 2, 2, 2, 2, 2, 4, 4, 4, 4, 8, 8)
REFINE_DILATIONS = (1, 2, 4, 8, 16)
GAIN = 2.2
"""Keeps the features' spread from layer to layer: a gate lets about half of a feature through."""
SHARPNESS = 10.0


def write(path: Path, seed: int = 0, channels: int = CHANNELS) -> None:
    """Write the graph to `path`, about 11 MB, with the tensors of the release.

    `img:0` [1,512,512,3] and `mask:0` [1,512,512,1] go in; `inpainted:0` [1,512,512,3],
    `attention:0` [1,32,32,1024] and `mask_processed:0` [1,512,512,1] come out, all float32.

    Args:
        path: the file to write.
        seed: of the weights.
        channels: of the first layer; the later ones have more in proportion.
    """
    import tensorflow

    graph = tensorflow.Graph()
    with graph.as_default():
        _Network(tensorflow, np.random.default_rng(seed), channels).build()
    path.write_bytes(graph.as_graph_def().SerializeToString())


class _Network:
    """The layers; each draws its weights when it is built."""

    def __init__(self, tensorflow: Any, random: np.random.Generator, channels: int) -> None:
        self._tf = tensorflow
        self._random = random
        self._channels = channels

    def build(self) -> None:
        """The whole network, in the default graph."""
        tf = self._tf
        picture = tf.compat.v1.placeholder(tf.float32, (1, SIDE, SIDE, 3), name="img")
        hole = tf.compat.v1.placeholder(tf.float32, (1, SIDE, SIDE, 1), name="mask")
        tf.nn.conv2d(hole, _blur(), 1, "SAME", name="mask_processed")
        known = (picture / 127.5 - 1.0) * (1.0 - hole)
        coarse = self._coarse(tf.concat([known, hole], 3))
        coarse = tf.compat.v1.image.resize_bilinear(coarse, (SIDE, SIDE))
        together = coarse * hole + known * (1.0 - hole)
        refined, attention = self._refined(tf.concat([together, hole], 3), hole)
        tf.add(127.5, refined * 127.5, name="inpainted")
        tf.identity(attention, name="attention")

    def _coarse(self, given: Any) -> Any:
        """[1,256,256,3], -1..1."""
        tf = self._tf
        x = tf.compat.v1.image.resize_bilinear(given, (COARSE_SIDE, COARSE_SIDE))
        x = self._one_gate(x, self._channels, kernel=5, stride=2)
        x = self._one_gate(x, self._channels)
        x = self._one_gate(x, 2 * self._channels, stride=2)
        for dilation in (1, 1, 1, *COARSE_DILATIONS, 1, 1, 1):
            x = self._one_gate(x, 2 * self._channels, dilation=dilation)
        x = self._one_gate(self._doubled(x), self._channels)
        x = self._one_gate(x, self._channels)
        x = self._one_gate(self._doubled(x), 3)
        return tf.clip_by_value(x, -1.0, 1.0)

    def _refined(self, given: Any, hole: Any) -> tuple[Any, Any]:
        """[1,512,512,3], -1..1, and the attention."""
        tf = self._tf
        levels: list[Any] = []
        x, channels, side = given, self._channels, SIDE
        while side > BOTTLENECK_SIDE:
            side //= 2
            x = self._gates(self._gates(x, channels, stride=2), channels)
            levels.append(x)
            channels *= 2
        channels //= 2
        for dilation in REFINE_DILATIONS:
            x = self._gates(x, channels, dilation=dilation)
        attention, found = self._attention(x, hole)
        found = self._gates(found, channels)
        x = self._gates(tf.concat([x, found], 3), channels)
        for features in reversed(levels[:-1]):
            channels //= 2
            x = self._gates(self._gates(self._doubled(x), channels), channels)
            found = self._gates(self._transferred(features, attention), channels)
            x = tf.concat([self._gates(found, channels, dilation=2), x], 3)
        x = self._gates(self._doubled(x), 3)
        return tf.clip_by_value(x, -1.0, 1.0), attention

    def _attention(self, x: Any, hole: Any) -> tuple[Any, Any]:
        """[1,32,32,1024], and the features put together from those of the cells attended to."""
        tf = self._tf
        channels = x.shape[3]
        half = tf.compat.v1.extract_image_patches(x, [1, 1, 1, 1], [1, 2, 2, 1], [1] * 4, "SAME")
        keys = self._patches(half, 3, 1)
        length = tf.sqrt(tf.reduce_sum(tf.square(keys), [0, 1, 2]))
        scores = tf.nn.conv2d(half, keys / tf.maximum(length, 1e-8), 1, "SAME")
        scores = self._fused(self._fused(scores))
        cells = tf.nn.max_pool2d(hole, SIDE // GRID, SIDE // GRID, "SAME")
        free = 1.0 - tf.nn.max_pool2d(cells, 3, 1, "SAME")
        free = tf.reshape(free, (1, 1, 1, CELLS))
        attention = tf.nn.softmax(scores * free * (SHARPNESS / channels), 3) * free
        shape = (1, BOTTLENECK_SIDE, BOTTLENECK_SIDE, channels)
        found = tf.nn.conv2d_transpose(attention, self._patches(x, 3, 2), shape, 2, "SAME")
        return attention, found

    def _fused(self, scores: Any) -> Any:
        """Scores that agree with their neighbours' along one axis; called twice, along both."""
        tf = self._tf
        flat = tf.reshape(scores, (1, CELLS, CELLS, 1))
        diagonal = np.eye(3, dtype=np.float32)[:, :, np.newaxis, np.newaxis]
        flat = tf.nn.conv2d(flat, diagonal, 1, "SAME")
        turned = tf.transpose(tf.reshape(flat, (1, GRID, GRID, GRID, GRID)), (0, 2, 1, 4, 3))
        return tf.reshape(turned, (1, GRID, GRID, CELLS))

    def _transferred(self, features: Any, attention: Any) -> Any:
        """The features of the cells attended to, overlapping by half, added up."""
        step = features.shape[1] // GRID
        patches = self._patches(features, 2 * step, step)
        return self._tf.nn.conv2d_transpose(attention, patches, features.shape, step, "SAME")

    def _patches(self, x: Any, size: int, step: int) -> Any:
        """[size,size,channels,1024]: every cell's patch, as a convolution's kernel."""
        tf = self._tf
        patches = tf.compat.v1.extract_image_patches(
            x, [1, size, size, 1], [1, step, step, 1], [1] * 4, "SAME"
        )
        patches = tf.reshape(patches, (1, CELLS, size, size, x.shape[3]))
        return tf.transpose(patches, (0, 2, 3, 4, 1))[0]

    def _doubled(self, x: Any) -> Any:
        return self._tf.compat.v1.image.resize_bilinear(x, (2 * x.shape[1], 2 * x.shape[2]))

    def _one_gate(
        self, x: Any, channels: int, *, kernel: int = 3, stride: int = 1, dilation: int = 1
    ) -> Any:
        """A convolution gated by one channel that a second one of the same kernel gives."""
        features = self._convolved(x, channels, kernel, stride, dilation)
        gate = self._convolved(x, 1, kernel, stride, dilation)
        return self._tf.sigmoid(gate) * self._tf.nn.elu(features)

    def _gates(self, x: Any, channels: int, *, stride: int = 1, dilation: int = 1) -> Any:
        """A convolution of 3 x 3 gated by as many channels of a pointwise one."""
        features = self._convolved(x, channels, 3, stride, dilation)
        gate = self._convolved(x, channels, 1, stride, 1)
        return self._tf.sigmoid(gate) * self._tf.nn.elu(features)

    def _convolved(self, x: Any, channels: int, kernel: int, stride: int, dilation: int) -> Any:
        tf = self._tf
        weights = self._weights((kernel, kernel, x.shape[3], channels))
        y = tf.nn.conv2d(x, weights, stride, "SAME", dilations=dilation)
        return tf.nn.bias_add(y, 0.1 * self._random.standard_normal(channels).astype(np.float32))

    def _weights(self, shape: Sequence[int]) -> NDArray[np.float32]:
        spread = GAIN / np.sqrt(np.prod(shape[:3]))
        return np.asarray(spread * self._random.standard_normal(shape), np.float32)


def _blur() -> NDArray[np.float32]:
    """[7,7,1,1], a Gaussian."""
    bell = np.exp(-0.5 * np.arange(-3, 4) ** 2)
    kernel = np.outer(bell, bell)
    return np.asarray(kernel / kernel.sum(), np.float32)[:, :, np.newaxis, np.newaxis]
