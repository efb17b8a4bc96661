"""Small ONNX networks with the contracts of MI-GAN and LaMa, whose output a test can predict.

The published files are not available everywhere. These fill the hole with the gradient of the check
(`truth`), plus an offset, and can be wrong in the ways that the check must find.
"""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from vision.inpainters.learned.check import build_gradient
from vision.inpainters.learned.contracts import CONTRACTS, SIDE, Contract
from vision.weights import WEIGHTS, ModelStore

_OPSET = 18


def write_network(
    path: Path,
    contract: Contract,
    *,
    offset: int = 0,
    inverted: bool = False,
    reads_hole: bool = False,
    side: int = SIDE,
) -> Path:
    """Write a network that fills with the check's gradient, and return its path.

    Args:
        path: the file to write.
        contract: its inputs and outputs.
        offset: grey levels by which the fill is off.
        inverted: it takes the known pixels for the hole.
        reads_hole: it returns what it was sent in the hole.
        side: of its result in pixels.
    """
    kind = TensorProto.UINT8 if contract.type == "uint8" else TensorProto.FLOAT
    size = [1, 3, SIDE, SIDE]
    image = helper.make_tensor_value_info("image", kind, size)
    mask = helper.make_tensor_value_info("mask", kind, [1, 1, SIDE, SIDE])
    result = helper.make_tensor_value_info("result", kind, [1, 3, side, side])
    constants = {
        "hole": np.array(contract.keep if inverted else contract.hole, np.float32),
        "levels": np.array(255 / contract.white, np.float32),
        "fill": _build_fill(contract, offset),
    }
    nodes = [
        _cast("image", "values", TensorProto.FLOAT),
        _cast("mask", "numbers", TensorProto.FLOAT),
        helper.make_node("Mul", ["values", "levels"], ["picture"]),
        helper.make_node("Equal", ["numbers", "hole"], ["is_hole"]),
        helper.make_node(
            "Where", ["is_hole", "picture" if reads_hole else "fill", "picture"], ["done"]
        ),
        helper.make_node("Slice", ["done", "start", "stop", "axes"], ["cut"]),
        _cast("cut", "result", kind),
    ]
    numbers = {"start": [0, 0], "stop": [side, side], "axes": [2, 3]}
    initializers = [numpy_helper.from_array(value, name) for name, value in constants.items()]
    initializers += [
        numpy_helper.from_array(np.array(value, np.int64), name) for name, value in numbers.items()
    ]
    graph = helper.make_graph(nodes, "fill", [image, mask], [result], initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=9)
    onnx.save(model, str(path))
    return path


def _build_fill(contract: Contract, offset: int) -> NDArray[np.float32]:
    """Return what fills the hole, in the network's order of channels: [1,3,512,512] float32."""
    picture = build_gradient().astype(np.float32) + offset
    ordered = picture[:, :, ::-1] if contract.channels == "BGR" else picture
    return np.ascontiguousarray(np.moveaxis(ordered, 2, 0)[np.newaxis])


def _cast(source: str, target: str, kind: int) -> Any:
    return helper.make_node("Cast", [source], [target], to=kind)


def build_learned_store(folder: Path, **options: Any) -> ModelStore:
    """Return a store in `folder` with such a network for every contract, with their digests.

    `options`: of `write_network`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    contracts = {contract.file: contract for contract in CONTRACTS.values()}
    weights = []
    for weight in WEIGHTS:
        if contract := contracts.get(weight.name):
            path = write_network(folder / weight.name, contract, **options)
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            weights.append(replace(weight, urls=(), sha256=digest, size=None))
        else:
            weights.append(replace(weight, urls=(), packages=()))
    return ModelStore(folder, weights=tuple(weights))
