"""The attention's transfer of features with a quarter of the multiplications.

A cell's patch is twice as wide as the step between cells, so it covers four blocks of a grid that
is shifted by half a step. Instead of adding four overlapping sums of patches, the four attentions
that meet in a block are added first, and each block is summed once.
"""

from typing import Any

from vision.inpainters.hifill_network.contract import ATTENTION, CELLS, GRID
from vision.inpainters.hifill_network.rewriting.frozen_graph import (
    FrozenGraph,
    get_shape,
    get_spec,
)

# What may stand between the patches and the kernel that they form.
REARRANGING = {
    "GatherV2", "Identity", "Reshape", "Split", "SplitV", "Squeeze", "StridedSlice", "Transpose",
    "Unpack",
}  # fmt: skip
CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))
BLOCKS = GRID + 1


def rewrite_transfers(frozen: FrozenGraph, attention: str = ATTENTION) -> int:
    """Rewrite every transfer of patches that overlap by half; return how many there were.

    Args:
        frozen: the graph.
        attention: the tensor that transfers take, [1,height,width,1024]: a window of `attention:0`
            or all of it.
    """
    aliases = frozen.find_aliases(frozen.get_tensor(ATTENTION))
    spec = (aliases[0].dtype, (1, None, None, CELLS))
    count = 0
    for operation in frozen.find_operations("Conv2DBackpropInput"):
        features = _find_features(operation)
        if features is None or not any(operation.inputs[2] is alias for alias in aliases):
            continue
        step = operation.get_attr("strides")[1]

        def build(attention: Any, features: Any, step: int = step) -> Any:
            return _transfer_features(frozen.tensorflow, attention, features, step)

        transfer = frozen.add_part(
            build, attention=(attention, spec), features=(features.name, get_spec(features))
        )
        frozen.replace(operation.outputs[0], transfer)
        count += 1
    return count


def _find_features(transfer: Any) -> Any | None:
    """Return the features whose patches form this transfer's kernel; None for other transfers."""
    kernel = get_shape(transfer.inputs[1])
    step = transfer.get_attr("strides")[1]
    if len(kernel) != 4 or kernel[:2] != [2 * step, 2 * step] or kernel[3] != CELLS or step % 2:
        return None
    source = transfer.inputs[1].op
    while source.type in REARRANGING:
        source = source.inputs[1 if source.type == "Split" else 0].op
    if source.type != "ExtractImagePatches" or source.get_attr("padding") != b"SAME":
        return None
    attributes = [list(source.get_attr(name)[1:3]) for name in ("ksizes", "strides", "rates")]
    if attributes != [[2 * step] * 2, [step] * 2, [1, 1]]:
        return None
    features = source.inputs[0]
    return features if get_shape(features) == [1, GRID * step, GRID * step, kernel[2]] else None


def _transfer_features(tf: Any, attention: Any, features: Any, step: int) -> Any:
    """Return [1,height*step,width*step,channels] of [1,height,width,1024] and the features."""
    channels, half = features.shape[3], step // 2
    height, width = tf.shape(attention)[1], tf.shape(attention)[2]
    edge = [(0, 0), (half, half), (half, half), (0, 0)]
    blocks = tf.reshape(tf.pad(features, edge), (BLOCKS, step, BLOCKS, step * channels))
    blocks = tf.reshape(tf.transpose(blocks, (0, 2, 1, 3)), (BLOCKS**2, step * step * channels))
    cells = tf.reshape(attention, (height, width, GRID, GRID))
    weights = tf.add_n(
        [tf.pad(cells, [(down, 1 - down), (right, 1 - right)] * 2) for down, right in CORNERS]
    )
    weights = tf.reshape(weights, ((height + 1) * (width + 1), BLOCKS**2))
    sums = tf.reshape(tf.matmul(weights, blocks), (height + 1, width + 1, step, step * channels))
    rows = tf.transpose(sums, (0, 2, 1, 3))
    whole = tf.reshape(rows, (1, (height + 1) * step, (width + 1) * step, channels))
    return whole[:, half:-half, half:-half]
