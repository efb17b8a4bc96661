"""Extracted patches as slices, which every runtime supports without a multiplication."""

from typing import Any

from vision.inpainters.hifill_network.rewriting.frozen_graph import (
    FrozenGraph,
    get_shape,
    get_spec,
)

MAX_PATCH_SIDE = 3


def rewrite_patches(frozen: FrozenGraph) -> int:
    """Rewrite every extraction of small patches, whatever uses them; return how many there were."""
    small = [
        extraction
        for extraction in frozen.find_operations("ExtractImagePatches")
        if _is_small(extraction)
    ]
    for extraction in small:
        _, size, _, _ = extraction.get_attr("ksizes")
        _, step, _, _ = extraction.get_attr("strides")

        def build(features: Any, size: int = size, step: int = step) -> Any:
            return _slice_patches(frozen.tensorflow, features, size, step)

        features = extraction.inputs[0]
        slices = frozen.add_part(build, features=(features.name, get_spec(features)))
        frozen.replace(extraction.outputs[0], slices)
    return len(small)


def _is_small(extraction: Any) -> bool:
    size, step = extraction.get_attr("ksizes"), extraction.get_attr("strides")
    return (
        size[1] == size[2] <= MAX_PATCH_SIDE
        and step[1] == step[2]
        and list(extraction.get_attr("rates")) == [1, 1, 1, 1]
        and extraction.get_attr("padding") == b"SAME"
        and None not in get_shape(extraction.inputs[0])[1:]
    )


def _slice_patches(tf: Any, features: Any, size: int, step: int) -> Any:
    """Return [batch,rows,columns,size*size*channels], as ExtractImagePatches does."""
    _, height, width, _ = features.shape
    rows, columns = -(-height // step), -(-width // step)
    down_padding, right_padding = (_compute_padding(side, size, step) for side in (height, width))
    canvas = tf.pad(features, [(0, 0), down_padding, right_padding, (0, 0)])
    offsets = [(down, right) for down in range(size) for right in range(size)]
    slices = [
        canvas[
            :,
            down : down + (rows - 1) * step + 1 : step,
            right : right + (columns - 1) * step + 1 : step,
        ]
        for down, right in offsets
    ]
    return tf.concat(slices, 3)


def _compute_padding(length: int, size: int, step: int) -> tuple[int, int]:
    """Return how much SAME adds before and after."""
    missing = max((-(-length // step) - 1) * step + size - length, 0)
    return missing // 2, missing - missing // 2
