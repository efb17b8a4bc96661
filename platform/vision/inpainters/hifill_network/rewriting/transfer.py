"""Attention's transfer with a quarter of the multiplications.

A cell's patch is twice as wide as the step between cells: it covers four blocks of a grid that lies
half a step off. In place of adding four overlapping sums of patches, the four attentions that meet
in a block are added first, and each block is summed once.
"""

from typing import Any

from vision.inpainters.hifill_network.contract import ATTENTION, CELLS, GRID
from vision.inpainters.hifill_network.rewriting.frozen_graph import FrozenGraph, form_of, sides

# What may stand between the patches and the kernel that they make.
REARRANGING = {
    "GatherV2", "Identity", "Reshape", "Split", "SplitV", "Squeeze", "StridedSlice", "Transpose",
    "Unpack",
}  # fmt: skip
CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))
BLOCKS = GRID + 1


def rewrite_transfers(frozen: FrozenGraph, attention: str | None = None) -> int:
    """Rewrite every transfer of patches that overlap by half; return how many.

    Args:
        frozen: the graph.
        attention: the tensor that takes the place of `attention:0` in transfers, a window of it;
            None where it stays.
    """
    aliases = frozen.aliases(frozen.tensor(ATTENTION))
    count = 0
    for found in frozen.operations("Conv2DBackpropInput"):
        features = _features(found)
        if features is None or not any(found.inputs[2] is alias for alias in aliases):
            continue
        step = found.get_attr("strides")[1]

        def build(attention: Any, features: Any, step: int = step) -> Any:
            return _transferred(frozen.tensorflow, attention, features, step)

        window: tuple[int | None, ...] = (1, GRID, GRID) if attention is None else (1, None, None)
        made = frozen.put(
            build,
            attention=(attention or aliases[0].name, (aliases[0].dtype, (*window, CELLS))),
            features=(features.name, form_of(features)),
        )
        frozen.replace(found.outputs[0], made)
        count += 1
    return count


def _features(transfer: Any) -> Any | None:
    """The features whose patches are this transfer's kernel; None where it is another kind."""
    kernel = sides(transfer.inputs[1])
    step = transfer.get_attr("strides")[1]
    if len(kernel) != 4 or kernel[:2] != [2 * step, 2 * step] or kernel[3] != CELLS or step % 2:
        return None
    found = transfer.inputs[1].op
    while found.type in REARRANGING:
        found = found.inputs[1 if found.type == "Split" else 0].op
    if found.type != "ExtractImagePatches" or found.get_attr("padding") != b"SAME":
        return None
    as_extracted = (list(found.get_attr(name)[1:3]) for name in ("ksizes", "strides", "rates"))
    if tuple(as_extracted) != ([2 * step] * 2, [step] * 2, [1, 1]):
        return None
    features = found.inputs[0]
    return features if sides(features) == [1, GRID * step, GRID * step, kernel[2]] else None


def _transferred(tf: Any, attention: Any, features: Any, step: int) -> Any:
    """[1,height*step,width*step,channels] of [1,height,width,1024] and the features."""
    channels, half = features.shape[3], step // 2
    height, width = tf.shape(attention)[1], tf.shape(attention)[2]
    edge = [(0, 0), (half, half), (half, half), (0, 0)]
    blocks = tf.reshape(tf.pad(features, edge), (BLOCKS, step, BLOCKS, step * channels))
    blocks = tf.reshape(tf.transpose(blocks, (0, 2, 1, 3)), (BLOCKS**2, step * step * channels))
    cells = tf.reshape(attention, (height, width, GRID, GRID))
    met = tf.add_n(
        [tf.pad(cells, [(down, 1 - down), (right, 1 - right)] * 2) for down, right in CORNERS]
    )
    met = tf.reshape(met, ((height + 1) * (width + 1), BLOCKS**2))
    summed = tf.reshape(tf.matmul(met, blocks), (height + 1, width + 1, step, step * channels))
    rows = tf.transpose(summed, (0, 2, 1, 3))
    whole = tf.reshape(rows, (1, (height + 1) * step, (width + 1) * step, channels))
    return whole[:, half:-half, half:-half]
