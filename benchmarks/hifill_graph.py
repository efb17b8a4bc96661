"""A frozen graph of HiFill's architecture and size, with random weights.

It serves to measure speed and to test conversions where the released weights are not available. It
has the parts that Yi et al. (CVPR 2020, arXiv 2005.09704) describe, built from the operations of a
graph frozen by TensorFlow 1: a coarse network at 256 x 256 whose gates have one channel, a
refinement network at 512 x 512 whose gates are pointwise, dilated convolutions, attention computed
on a grid of 32 x 32 cells and transferred to the features of three resolutions. The picture that it
paints has no meaning.
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
"""Keeps the features' variance from layer to layer: a gate passes about half of a feature."""
SHARPNESS = 10.0


def write(path: Path, seed: int = 0, channels: int = CHANNELS) -> None:
    """Write the graph to `path`, about 11 MB, with the tensors of the release.

    Inputs: `img:0` [1,512,512,3] and `mask:0` [1,512,512,1]. Outputs: `inpainted:0` [1,512,512,3],
    `attention:0` [1,32,32,1024] and `mask_processed:0` [1,512,512,1]. All are float32.

    Args:
        path: the file to write.
        seed: seed of the random weights.
        channels: channels of the first layer; later layers have more, in proportion.
    """
    import tensorflow

    graph = tensorflow.Graph()
    with graph.as_default():
        _Network(tensorflow, np.random.default_rng(seed), channels).build()
    path.write_bytes(graph.as_graph_def().SerializeToString())


class _Network:
    """The layers; each draws random weights when it is built."""

    def __init__(self, tensorflow: Any, random: np.random.Generator, channels: int) -> None:
        self._tf = tensorflow
        self._random = random
        self._channels = channels

    def build(self) -> None:
        """Build the whole network in the default graph."""
        tf = self._tf
        picture = tf.compat.v1.placeholder(tf.float32, (1, SIDE, SIDE, 3), name="img")
        hole = tf.compat.v1.placeholder(tf.float32, (1, SIDE, SIDE, 1), name="mask")
        tf.nn.conv2d(hole, _build_blur(), 1, "SAME", name="mask_processed")
        outside = (picture / 127.5 - 1.0) * (1.0 - hole)
        coarse = self._build_coarse(tf.concat([outside, hole], 3))
        coarse = tf.compat.v1.image.resize_bilinear(coarse, (SIDE, SIDE))
        together = coarse * hole + outside * (1.0 - hole)
        picture, attention = self._build_refinement(tf.concat([together, hole], 3), hole)
        tf.add(127.5, picture * 127.5, name="inpainted")
        tf.identity(attention, name="attention")

    def _build_coarse(self, inputs: Any) -> Any:
        """Return the coarse picture, [1,256,256,3], -1..1."""
        tf = self._tf
        x = tf.compat.v1.image.resize_bilinear(inputs, (COARSE_SIDE, COARSE_SIDE))
        x = self._apply_single_gate(x, self._channels, kernel=5, stride=2)
        x = self._apply_single_gate(x, self._channels)
        x = self._apply_single_gate(x, 2 * self._channels, stride=2)
        for dilation in (1, 1, 1, *COARSE_DILATIONS, 1, 1, 1):
            x = self._apply_single_gate(x, 2 * self._channels, dilation=dilation)
        x = self._apply_single_gate(self._double_size(x), self._channels)
        x = self._apply_single_gate(x, self._channels)
        x = self._apply_single_gate(self._double_size(x), 3)
        return tf.clip_by_value(x, -1.0, 1.0)

    def _build_refinement(self, inputs: Any, hole: Any) -> tuple[Any, Any]:
        """Return the picture, [1,512,512,3], -1..1, and the attention."""
        tf = self._tf
        levels: list[Any] = []
        x, channels, side = inputs, self._channels, SIDE
        while side > BOTTLENECK_SIDE:
            side //= 2
            x = self._apply_gates(self._apply_gates(x, channels, stride=2), channels)
            levels.append(x)
            channels *= 2
        channels //= 2
        for dilation in REFINE_DILATIONS:
            x = self._apply_gates(x, channels, dilation=dilation)
        attention, transfer = self._build_attention(x, hole)
        transfer = self._apply_gates(transfer, channels)
        x = self._apply_gates(tf.concat([x, transfer], 3), channels)
        for features in reversed(levels[:-1]):
            channels //= 2
            x = self._apply_gates(self._apply_gates(self._double_size(x), channels), channels)
            transfer = self._apply_gates(self._transfer(features, attention), channels)
            x = tf.concat([self._apply_gates(transfer, channels, dilation=2), x], 3)
        x = self._apply_gates(self._double_size(x), 3)
        return tf.clip_by_value(x, -1.0, 1.0), attention

    def _build_attention(self, x: Any, hole: Any) -> tuple[Any, Any]:
        """Return the attention, [1,32,32,1024], and the features that it transfers."""
        tf = self._tf
        channels = x.shape[3]
        half = tf.compat.v1.extract_image_patches(x, [1, 1, 1, 1], [1, 2, 2, 1], [1] * 4, "SAME")
        keys = self._extract_patches(half, 3, 1)
        length = tf.sqrt(tf.reduce_sum(tf.square(keys), [0, 1, 2]))
        scores = tf.nn.conv2d(half, keys / tf.maximum(length, 1e-8), 1, "SAME")
        scores = self._fuse_axis(self._fuse_axis(scores))
        cells = tf.nn.max_pool2d(hole, SIDE // GRID, SIDE // GRID, "SAME")
        free = 1.0 - tf.nn.max_pool2d(cells, 3, 1, "SAME")
        free = tf.reshape(free, (1, 1, 1, CELLS))
        attention = tf.nn.softmax(scores * free * (SHARPNESS / channels), 3) * free
        shape = (1, BOTTLENECK_SIDE, BOTTLENECK_SIDE, channels)
        transfer = tf.nn.conv2d_transpose(
            attention, self._extract_patches(x, 3, 2), shape, 2, "SAME"
        )
        return attention, transfer

    def _fuse_axis(self, scores: Any) -> Any:
        """Return scores plus their neighbours' along one axis; two calls cover both axes."""
        tf = self._tf
        flat = tf.reshape(scores, (1, CELLS, CELLS, 1))
        diagonal = np.eye(3, dtype=np.float32)[:, :, np.newaxis, np.newaxis]
        flat = tf.nn.conv2d(flat, diagonal, 1, "SAME")
        turned = tf.transpose(tf.reshape(flat, (1, GRID, GRID, GRID, GRID)), (0, 2, 1, 4, 3))
        return tf.reshape(turned, (1, GRID, GRID, CELLS))

    def _transfer(self, features: Any, attention: Any) -> Any:
        """Return the sum of all cells' patches, weighted by the attention; they overlap by half."""
        step = features.shape[1] // GRID
        patches = self._extract_patches(features, 2 * step, step)
        return self._tf.nn.conv2d_transpose(attention, patches, features.shape, step, "SAME")

    def _extract_patches(self, x: Any, size: int, step: int) -> Any:
        """Return every cell's patch as a kernel, [size,size,channels,1024]."""
        tf = self._tf
        patches = tf.compat.v1.extract_image_patches(
            x, [1, size, size, 1], [1, step, step, 1], [1] * 4, "SAME"
        )
        patches = tf.reshape(patches, (1, CELLS, size, size, x.shape[3]))
        return tf.transpose(patches, (0, 2, 3, 4, 1))[0]

    def _double_size(self, x: Any) -> Any:
        return self._tf.compat.v1.image.resize_bilinear(x, (2 * x.shape[1], 2 * x.shape[2]))

    def _apply_single_gate(
        self, x: Any, channels: int, *, kernel: int = 3, stride: int = 1, dilation: int = 1
    ) -> Any:
        """Return a convolution times a gate of one channel, from a second convolution."""
        features = self._convolve(x, channels, kernel, stride, dilation)
        gate = self._convolve(x, 1, kernel, stride, dilation)
        return self._tf.sigmoid(gate) * self._tf.nn.elu(features)

    def _apply_gates(self, x: Any, channels: int, *, stride: int = 1, dilation: int = 1) -> Any:
        """Return a 3 x 3 convolution times as many gates, from a pointwise convolution."""
        features = self._convolve(x, channels, 3, stride, dilation)
        gate = self._convolve(x, channels, 1, stride, 1)
        return self._tf.sigmoid(gate) * self._tf.nn.elu(features)

    def _convolve(self, x: Any, channels: int, kernel: int, stride: int, dilation: int) -> Any:
        tf = self._tf
        weights = self._draw_weights((kernel, kernel, x.shape[3], channels))
        y = tf.nn.conv2d(x, weights, stride, "SAME", dilations=dilation)
        return tf.nn.bias_add(y, 0.1 * self._random.standard_normal(channels).astype(np.float32))

    def _draw_weights(self, shape: Sequence[int]) -> NDArray[np.float32]:
        spread = GAIN / np.sqrt(np.prod(shape[:3]))
        return np.asarray(spread * self._random.standard_normal(shape), np.float32)


def _build_blur() -> NDArray[np.float32]:
    """Return a Gaussian kernel, [7,7,1,1]."""
    curve = np.exp(-0.5 * np.arange(-3, 4) ** 2)
    kernel = np.outer(curve, curve)
    return np.asarray(kernel / kernel.sum(), np.float32)[:, :, np.newaxis, np.newaxis]
