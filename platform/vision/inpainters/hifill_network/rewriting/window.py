"""The part of the network after the attention, on a window of cells around the hole.

The part up to the attention needs the whole picture. The part after it, the decoder and the
transfer of features, reaches only a few cells far, so a window with a margin of that many cells
gives the same numbers in the hole. A new input, `window:0`, says which cells: top, left, height,
width.
"""

import math
from collections.abc import Iterator
from typing import Any

from vision.inpainters.hifill_network.contract import ATTENTION, RESULT, WINDOW
from vision.inpainters.hifill_network.rewriting.frozen_graph import FrozenGraph, Spec, get_spec
from vision.inpainters.hifill_network.rewriting.locality import (
    CONVOLUTIONS,
    SIZE_INPUT,
    NotLocal,
    compute_reach,
    find_features,
    get_cell_side,
)


def cut_to_window(frozen: FrozenGraph) -> tuple[str, int]:
    """Cut the part after the attention to `window:0`.

    Returns:
        The name of the window of the attention, [1,height,width,1024], and the margin in cells
        that a window needs around the hole.

    Raises:
        NotLocal: that part has operations that are unknown or not local; the graph is unchanged.
    """
    attentions = frozen.find_aliases(frozen.get_tensor(ATTENTION))
    later = _find_later_operations(frozen, attentions)
    margin = math.ceil(_compute_margin(frozen, later))
    sources = {
        source.name: source
        for operation in later
        for source in find_features(frozen, operation)
        if source.op not in later
    }
    sizes = [
        (operation, operation.inputs[SIZE_INPUT[operation.type]], operation.outputs[0])
        for operation in later
        if operation.type in SIZE_INPUT
    ]
    spec: Spec = (frozen.tensorflow.int32, (4,))
    window = (frozen.add_input(WINDOW.partition(":")[0], spec), spec)
    names = {alias.name for alias in attentions}
    for name, source in sources.items():
        if name not in names:
            frozen.redirect(later, name, _add_window(frozen, source, window))
    attention = _add_window(frozen, attentions[0], window)
    for name in names:
        frozen.redirect(later, name, attention)
    for operation, size, output in sizes:
        frozen.redirect([operation], size.name, _add_size(frozen, size, output, window))
    _set_explicit_padding(frozen, later)
    return attention, margin


def _find_later_operations(frozen: FrozenGraph, attentions: list[Any]) -> set[Any]:
    """Return the operations between attention and painted picture. Raise NotLocal."""
    names = {alias.name for alias in attentions}
    first = [
        to
        for alias in attentions
        for to in alias.consumers()
        if not any(output.name in names for output in to.outputs)
    ]
    result = frozen.get_tensor(RESULT)
    later = frozen.find_ancestors(result) & frozen.find_descendants(first)
    if result.op not in later or any(get_cell_side(alias) != 1 for alias in attentions):
        raise NotLocal(result.op)
    for operation in later:
        has_later_kernel = (
            operation.type == "Conv2DBackpropInput" and operation.inputs[1].op in later
        )
        has_size = operation.type in SIZE_INPUT
        size = operation.inputs[SIZE_INPUT[operation.type]] if has_size else None
        if has_later_kernel or (size is not None and not frozen.is_constant(size)):
            raise NotLocal(operation)
        if get_cell_side(operation.outputs[0]) is None:
            raise NotLocal(operation)
    return later


def _compute_margin(frozen: FrozenGraph, later: set[Any]) -> float:
    """Return how many cells away from a painted pixel its farthest source is."""
    reaches: dict[Any, float] = {}
    for operation in _sort_outputs_first(frozen.get_tensor(RESULT).op, later):
        consumers = {to for output in operation.outputs for to in output.consumers()} & later
        reaches[operation] = max((reaches[to] for to in consumers), default=0.0)
        reaches[operation] += compute_reach(frozen, operation)
    return max(reaches.values())


def _sort_outputs_first(last: Any, operations: set[Any]) -> Iterator[Any]:
    """Yield each operation after all of its consumers."""
    order: list[Any] = []
    seen: set[Any] = set()

    def visit(operation: Any) -> None:
        seen.add(operation)
        for source in operation.inputs:
            if source.op in operations and source.op not in seen:
                visit(source.op)
        order.append(operation)

    visit(last)
    return reversed(order)


def _add_window(frozen: FrozenGraph, features: Any, window: tuple[str, Spec]) -> str:
    """Add the window of these features, and return its name."""
    side = get_cell_side(features)

    def build(features: Any, window: Any) -> Any:
        top, left, height, width = frozen.tensorflow.unstack(window * side)
        return features[:, top : top + height, left : left + width]

    return frozen.add_part(build, features=(features.name, get_spec(features)), window=window)


def _add_size(frozen: FrozenGraph, size: Any, output: Any, window: tuple[str, Spec]) -> str:
    """Add the size that an operation's output has in the window, and return its name."""
    whole = [int(length) for length in frozen.compute_value(size)]
    side = get_cell_side(output)
    row_index = 0 if len(whole) == 2 else 1

    def build(window: Any) -> Any:
        lengths: list[Any] = list(whole)
        lengths[row_index], lengths[row_index + 1] = window[2] * side, window[3] * side
        return frozen.tensorflow.stack(lengths)

    return frozen.add_part(build, window=window)


def _set_explicit_padding(frozen: FrozenGraph, later: set[Any]) -> None:
    """Replace SAME by numbers: ONNX Runtime can't compute it for dilated convolutions."""
    convolutions = {one.name: one for one in later if one.type in CONVOLUTIONS}
    for node in frozen.definition.node:
        if node.name in convolutions:
            convolution = convolutions[node.name]
            padding = [0, 0]
            for axis in (0, 1):
                length = int(convolution.inputs[1].shape[axis])
                extent = (length - 1) * int(convolution.get_attr("dilations")[1 + axis])
                padding += [extent // 2, extent - extent // 2]
            node.attr["padding"].s = b"EXPLICIT"
            node.attr["explicit_paddings"].list.i[:] = [*padding, 0, 0]
