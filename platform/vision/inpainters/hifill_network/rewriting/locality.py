"""Which operations of the network are local, and how far each of them reaches."""

import math
from collections.abc import Callable, Iterator
from typing import Any

from vision.inpainters.hifill_network.contract import GRID
from vision.inpainters.hifill_network.rewriting.frozen_graph import FrozenGraph, sides

POINTWISE = {
    "Add", "AddV2", "BiasAdd", "Cast", "Elu", "Exp", "Identity", "LeakyRelu", "Maximum", "Minimum",
    "Mul", "Neg", "RealDiv", "Relu", "Sigmoid", "Square", "Sub", "Tanh",
}  # fmt: skip
SIZE_INPUT = {
    "Reshape": 1, "ResizeBilinear": 1, "ResizeNearestNeighbor": 1, "Conv2DBackpropInput": 0,
}  # fmt: skip
"""In which input these operations are told the size of what they give."""
CONVOLUTIONS = {"Conv2D", "DepthwiseConv2dNative"}
KERNEL_INPUT = 1
"""Of convolutions and of attention's transfer, which is a transposed one."""


class NotLocal(Exception):
    """The operation reaches over the whole picture, or is not known here."""

    def __init__(self, operation: Any) -> None:
        super().__init__(f"{operation.name} ({operation.type}) can't be cut to a window")


def pixels_in_cell(tensor: Any) -> int | None:
    """The side of a cell in these features, [1,side,side,channels]; None for any other tensor."""
    shape = sides(tensor)
    if len(shape) != 4 or shape[0] != 1 or shape[1] != shape[2] or not shape[1]:
        return None
    return None if shape[1] % GRID else shape[1] // GRID


def features_in(frozen: FrozenGraph, operation: Any) -> Iterator[Any]:
    """The inputs that a window cuts. Raises NotLocal where it can't be told."""
    for place, given in enumerate(operation.inputs):
        if place == KERNEL_INPUT and operation.type in {*CONVOLUTIONS, "Conv2DBackpropInput"}:
            continue
        if frozen.is_constant(given):
            if any(side != 1 for side in sides(given)[-3:-1]):
                raise NotLocal(operation)
        elif pixels_in_cell(given) is not None:
            yield given
        elif len(sides(given)) != 4 or sides(given)[1:3] != [1, 1]:
            raise NotLocal(operation)


def reach(frozen: FrozenGraph, operation: Any) -> float:
    """How many cells an operation looks to each side. Raises NotLocal."""
    if operation.type in POINTWISE:
        return 0.0
    if operation.type not in _REACH or not _is_plain(operation):
        raise NotLocal(operation)
    return _REACH[operation.type](frozen, operation)


def _is_plain(operation: Any) -> bool:
    """Channels last, and no attribute that moves pixels."""
    attributes = operation.node_def.attr
    layout = attributes["data_format"].s if "data_format" in attributes else b"NHWC"
    padding = attributes["padding"].s if "padding" in attributes else b"SAME"
    corners = attributes["align_corners"].b if "align_corners" in attributes else False
    return layout == b"NHWC" and padding == b"SAME" and not corners


def _side(operation: Any, tensor: Any) -> int:
    side = pixels_in_cell(tensor)
    if side is None:
        raise NotLocal(operation)
    return side


def _of_convolution(_frozen: FrozenGraph, operation: Any) -> float:
    kernel, steps = sides(operation.inputs[1])[:2], operation.get_attr("strides")[1:3]
    if list(steps) != [1, 1] or len(kernel) != 2 or None in kernel:
        raise NotLocal(operation)
    half = max(kernel[0] or 1, kernel[1] or 1) // 2
    farthest = half * max(int(step) for step in operation.get_attr("dilations"))
    return farthest / _side(operation, operation.inputs[0])


def _of_transfer(_frozen: FrozenGraph, operation: Any) -> float:
    kernel, step = sides(operation.inputs[1])[0], int(operation.get_attr("strides")[1])
    if kernel is None or not step <= kernel <= 2 * step:
        raise NotLocal(operation)
    return math.ceil((kernel - step) / step) / _side(operation, operation.inputs[2])


def _of_resizing(_frozen: FrozenGraph, operation: Any) -> float:
    return 1 / _side(operation, operation.inputs[0])


def _of_joining(frozen: FrozenGraph, operation: Any) -> float:
    if int(frozen.value(operation.inputs[-1])) not in (3, -1):
        raise NotLocal(operation)
    return 0.0


def _of_reshaping(_frozen: FrozenGraph, operation: Any) -> float:
    if sides(operation.inputs[0]) != sides(operation.outputs[0]):
        raise NotLocal(operation)
    return 0.0


_REACH: dict[str, Callable[[FrozenGraph, Any], float]] = {
    "Conv2D": _of_convolution,
    "DepthwiseConv2dNative": _of_convolution,
    "Conv2DBackpropInput": _of_transfer,
    "ResizeBilinear": _of_resizing,
    "ResizeNearestNeighbor": _of_resizing,
    "ConcatV2": _of_joining,
    "Reshape": _of_reshaping,
}
