"""Which operations of the network are local, and how far each of them reaches."""

import math
from collections.abc import Callable, Iterator
from typing import Any

from vision.inpainters.hifill_network.contract import GRID
from vision.inpainters.hifill_network.rewriting.frozen_graph import FrozenGraph, get_shape

POINTWISE = {
    "Add", "AddV2", "BiasAdd", "Cast", "Elu", "Exp", "Identity", "LeakyRelu", "Maximum", "Minimum",
    "Mul", "Neg", "RealDiv", "Relu", "Sigmoid", "Square", "Sub", "Tanh",
}  # fmt: skip
SIZE_INPUT = {
    "Reshape": 1, "ResizeBilinear": 1, "ResizeNearestNeighbor": 1, "Conv2DBackpropInput": 0,
}  # fmt: skip
"""Index of the input that sets the size of the output, for operations that have one."""
CONVOLUTIONS = {"Conv2D", "DepthwiseConv2dNative"}
KERNEL_INPUT = 1
"""Index of the kernel in convolutions and in the attention's transfer, a transposed convolution."""


class NotLocal(Exception):
    """The operation reaches over the whole picture, or is not known here."""

    def __init__(self, operation: Any) -> None:
        super().__init__(f"{operation.name} ({operation.type}) can't be cut to a window")


def get_cell_side(tensor: Any) -> int | None:
    """Return the side of a cell in these features, [1,side,side,channels]; None if they are none.

    The side is in elements of the features, which have 32 x 32 cells.
    """
    shape = get_shape(tensor)
    if len(shape) != 4 or shape[0] != 1 or shape[1] != shape[2] or not shape[1]:
        return None
    return None if shape[1] % GRID else shape[1] // GRID


def find_features(frozen: FrozenGraph, operation: Any) -> Iterator[Any]:
    """Yield the inputs that must be cut to the window. Raise NotLocal if that is not certain."""
    for index, source in enumerate(operation.inputs):
        if index == KERNEL_INPUT and operation.type in {*CONVOLUTIONS, "Conv2DBackpropInput"}:
            continue
        if frozen.is_constant(source):
            if any(side != 1 for side in get_shape(source)[-3:-1]):
                raise NotLocal(operation)
        elif get_cell_side(source) is not None:
            yield source
        elif len(get_shape(source)) != 4 or get_shape(source)[1:3] != [1, 1]:
            raise NotLocal(operation)


def compute_reach(frozen: FrozenGraph, operation: Any) -> float:
    """Return how many cells away an operation reads, to each side. Raise NotLocal."""
    if operation.type in POINTWISE:
        return 0.0
    if operation.type not in _COMPUTE_REACH or not _is_plain(operation):
        raise NotLocal(operation)
    return _COMPUTE_REACH[operation.type](frozen, operation)


def _is_plain(operation: Any) -> bool:
    """Return whether channels come last and no attribute moves pixels."""
    attributes = operation.node_def.attr
    layout = attributes["data_format"].s if "data_format" in attributes else b"NHWC"
    padding = attributes["padding"].s if "padding" in attributes else b"SAME"
    corners = attributes["align_corners"].b if "align_corners" in attributes else False
    return layout == b"NHWC" and padding == b"SAME" and not corners


def _require_cell_side(operation: Any, tensor: Any) -> int:
    side = get_cell_side(tensor)
    if side is None:
        raise NotLocal(operation)
    return side


def _compute_convolution(_frozen: FrozenGraph, operation: Any) -> float:
    kernel, steps = get_shape(operation.inputs[1])[:2], operation.get_attr("strides")[1:3]
    if list(steps) != [1, 1] or len(kernel) != 2 or None in kernel:
        raise NotLocal(operation)
    half = max(kernel[0] or 1, kernel[1] or 1) // 2
    farthest = half * max(int(step) for step in operation.get_attr("dilations"))
    return farthest / _require_cell_side(operation, operation.inputs[0])


def _compute_transfer(_frozen: FrozenGraph, operation: Any) -> float:
    kernel, step = get_shape(operation.inputs[1])[0], int(operation.get_attr("strides")[1])
    if kernel is None or not step <= kernel <= 2 * step:
        raise NotLocal(operation)
    return math.ceil((kernel - step) / step) / _require_cell_side(operation, operation.inputs[2])


def _compute_resize(_frozen: FrozenGraph, operation: Any) -> float:
    return 1 / _require_cell_side(operation, operation.inputs[0])


def _compute_concatenation(frozen: FrozenGraph, operation: Any) -> float:
    if int(frozen.compute_value(operation.inputs[-1])) not in (3, -1):
        raise NotLocal(operation)
    return 0.0


def _compute_reshape(_frozen: FrozenGraph, operation: Any) -> float:
    if get_shape(operation.inputs[0]) != get_shape(operation.outputs[0]):
        raise NotLocal(operation)
    return 0.0


_COMPUTE_REACH: dict[str, Callable[[FrozenGraph, Any], float]] = {
    "Conv2D": _compute_convolution,
    "DepthwiseConv2dNative": _compute_convolution,
    "Conv2DBackpropInput": _compute_transfer,
    "ResizeBilinear": _compute_resize,
    "ResizeNearestNeighbor": _compute_resize,
    "ConcatV2": _compute_concatenation,
    "Reshape": _compute_reshape,
}
