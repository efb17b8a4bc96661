"""The part of the network after the attention, on a window of cells around the hole.

Everything up to the attention sees the whole picture. What comes after it, the decoder and the
transfer of features, reaches only a few cells far, so that a window with a margin of that many
cells gives the same numbers in the hole. A further input, `window:0`, says which cells: top, left,
height, width.
"""

import math
from collections.abc import Iterator
from typing import Any

from vision.inpainters.hifill_network.contract import ATTENTION, PAINTED, WINDOW
from vision.inpainters.hifill_network.rewriting.frozen_graph import (
    Form,
    FrozenGraph,
    form_of,
)
from vision.inpainters.hifill_network.rewriting.locality import (
    CONVOLUTIONS,
    SIZE_INPUT,
    NotLocal,
    features_in,
    pixels_in_cell,
    reach,
)


def cut_to_window(frozen: FrozenGraph) -> tuple[str, int]:
    """Cut what comes after the attention to `window:0`.

    Returns:
        The name of the window of the attention, [1,height,width,1024], and the margin in cells
        that a window needs around the hole.

    Raises:
        NotLocal: the graph's later part is not made of known, local operations; it is unchanged.
    """
    attentions = frozen.aliases(frozen.tensor(ATTENTION))
    later = _later(frozen, attentions)
    margin = math.ceil(_farthest(frozen, later))
    entering = {
        given.name: given
        for operation in later
        for given in features_in(frozen, operation)
        if given.op not in later
    }
    sizes = [
        (operation, operation.inputs[SIZE_INPUT[operation.type]], operation.outputs[0])
        for operation in later
        if operation.type in SIZE_INPUT
    ]
    form: Form = (frozen.tensorflow.int32, (4,))
    window = (frozen.add_input(WINDOW.partition(":")[0], form), form)
    names = {alias.name for alias in attentions}
    for name, given in entering.items():
        if name not in names:
            frozen.redirect(later, name, _window_of(frozen, given, window))
    attention = _window_of(frozen, attentions[0], window)
    for name in names:
        frozen.redirect(later, name, attention)
    for operation, told, made in sizes:
        frozen.redirect([operation], told.name, _size(frozen, told, made, window))
    _pad_by_numbers(frozen, later)
    return attention, margin


def _later(frozen: FrozenGraph, attentions: list[Any]) -> set[Any]:
    """The operations between the attention and the picture."""
    names = {alias.name for alias in attentions}
    first = [
        to
        for alias in attentions
        for to in alias.consumers()
        if not any(output.name in names for output in to.outputs)
    ]
    painted = frozen.tensor(PAINTED)
    later = frozen.before(painted) & frozen.after(first)
    if painted.op not in later or any(pixels_in_cell(alias) != 1 for alias in attentions):
        raise NotLocal(painted.op)
    for operation in later:
        kernels_within = operation.type == "Conv2DBackpropInput" and operation.inputs[1].op in later
        sized = operation.type in SIZE_INPUT
        told = operation.inputs[SIZE_INPUT[operation.type]] if sized else None
        if kernels_within or (told is not None and not frozen.is_constant(told)):
            raise NotLocal(operation)
        if pixels_in_cell(operation.outputs[0]) is None:
            raise NotLocal(operation)
    return later


def _farthest(frozen: FrozenGraph, later: set[Any]) -> float:
    """How many cells around a pixel of the picture it depends on, along the farthest way."""
    known: dict[Any, float] = {}
    for operation in _outputs_first(frozen.tensor(PAINTED).op, later):
        following = {to for output in operation.outputs for to in output.consumers()} & later
        known[operation] = max((known[to] for to in following), default=0.0)
        known[operation] += reach(frozen, operation)
    return max(known.values())


def _outputs_first(last: Any, among: set[Any]) -> Iterator[Any]:
    """Each operation after all of those that take from it."""
    order: list[Any] = []
    seen: set[Any] = set()

    def visit(operation: Any) -> None:
        seen.add(operation)
        for given in operation.inputs:
            if given.op in among and given.op not in seen:
                visit(given.op)
        order.append(operation)

    visit(last)
    return reversed(order)


def _window_of(frozen: FrozenGraph, features: Any, window: tuple[str, Form]) -> str:
    side = pixels_in_cell(features)

    def build(features: Any, window: Any) -> Any:
        top, left, height, width = frozen.tensorflow.unstack(window * side)
        return features[:, top : top + height, left : left + width]

    return frozen.put(build, features=(features.name, form_of(features)), window=window)


def _size(frozen: FrozenGraph, told: Any, made: Any, window: tuple[str, Form]) -> str:
    """The size of what an operation makes of a window, as it was told that of the whole."""
    whole = [int(length) for length in frozen.value(told)]
    side = pixels_in_cell(made)
    places = (0, 1) if len(whole) == 2 else (1, 2)

    def build(window: Any) -> Any:
        lengths: list[Any] = list(whole)
        lengths[places[0]], lengths[places[1]] = window[2] * side, window[3] * side
        return frozen.tensorflow.stack(lengths)

    return frozen.put(build, window=window)


def _pad_by_numbers(frozen: FrozenGraph, later: set[Any]) -> None:
    """Say SAME in numbers: ONNX Runtime works it out for no dilated convolution."""
    convolutions = {found.name: found for found in later if found.type in CONVOLUTIONS}
    for node in frozen.definition.node:
        if node.name in convolutions:
            found = convolutions[node.name]
            padding = [0, 0]
            for axis in (0, 1):
                length = int(found.inputs[1].shape[axis])
                extent = (length - 1) * int(found.get_attr("dilations")[1 + axis])
                padding += [extent // 2, extent - extent // 2]
            node.attr["padding"].s = b"EXPLICIT"
            node.attr["explicit_paddings"].list.i[:] = [*padding, 0, 0]
