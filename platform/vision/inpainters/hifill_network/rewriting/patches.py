"""Extracted patches as slices, which every runtime has and none has to multiply for."""

from typing import Any

from vision.inpainters.hifill_network.rewriting.frozen_graph import FrozenGraph, form_of, sides

LARGEST_PATCH = 3


def rewrite_patches(frozen: FrozenGraph) -> int:
    """Rewrite every extraction of small patches, whatever they are for; return how many."""
    small = [found for found in frozen.operations("ExtractImagePatches") if _is_small(found)]
    for found in small:
        _, size, _, _ = found.get_attr("ksizes")
        _, step, _, _ = found.get_attr("strides")

        def build(features: Any, size: int = size, step: int = step) -> Any:
            return _sliced(frozen.tensorflow, features, size, step)

        features = found.inputs[0]
        made = frozen.put(build, features=(features.name, form_of(features)))
        frozen.replace(found.outputs[0], made)
    return len(small)


def _is_small(found: Any) -> bool:
    size, step = found.get_attr("ksizes"), found.get_attr("strides")
    return (
        size[1] == size[2] <= LARGEST_PATCH
        and step[1] == step[2]
        and list(found.get_attr("rates")) == [1, 1, 1, 1]
        and found.get_attr("padding") == b"SAME"
        and None not in sides(found.inputs[0])[1:]
    )


def _sliced(tf: Any, features: Any, size: int, step: int) -> Any:
    """[batch,rows,columns,size*size*channels], as ExtractImagePatches gives it."""
    _, height, width, _ = features.shape
    rows, columns = -(-height // step), -(-width // step)
    padded = tf.pad(features, [(0, 0), _same(height, size, step), _same(width, size, step), (0, 0)])
    places = [(down, right) for down in range(size) for right in range(size)]
    slices = [
        padded[
            :,
            down : down + (rows - 1) * step + 1 : step,
            right : right + (columns - 1) * step + 1 : step,
        ]
        for down, right in places
    ]
    return tf.concat(slices, 3)


def _same(length: int, size: int, step: int) -> tuple[int, int]:
    """What SAME adds before and after."""
    missing = max((-(-length // step) - 1) * step + size - length, 0)
    return missing // 2, missing - missing // 2
