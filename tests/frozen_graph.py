"""A frozen graph with HiFill's tensor names, shapes and ranges, whose output a test can predict.

The released weights are not available everywhere. From the same inputs, and in TensorFlow, this
graph computes something simple:

- `inpainted:0` is, inside the hole, the mean of the picture outside it plus `OFFSET_BGR`; outside
  the hole it is the picture's negative, so that a result which uses it there is wrong;
- `attention:0` is a fixed matrix, with the columns of hole cells and of their neighbours set to 0;
- `mask_processed:0` is the mask blurred by 7 x 7.
"""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision.weights import HIFILL, WEIGHTS, ModelStore

OFFSET_BGR = (5.0, 10.0, 20.0)
SIDE = 512
GRID = 32
CELLS = GRID * GRID
RELEASED_SHAPE = (1, GRID, GRID, CELLS)
EVERYWHERE = np.full((CELLS, CELLS), 1 / CELLS, dtype=np.float32)


def write_frozen_graph(
    path: Path,
    *,
    attention: NDArray[np.float32] = EVERYWHERE,
    attention_shape: tuple[int, ...] = RELEASED_SHAPE,
) -> Path:
    """Write the graph to `path` and return the path.

    Args:
        path: the file to write.
        attention: [1024,1024] float32, row = cell to fill, column = cell to take from.
        attention_shape: the shape of `attention:0`.
    """
    import tensorflow as tf

    v1 = tf.compat.v1
    graph = tf.Graph()
    with graph.as_default():
        picture = v1.placeholder(tf.float32, (1, SIDE, SIDE, 3), name="img")
        hole = v1.placeholder(tf.float32, (1, SIDE, SIDE, 1), name="mask")
        tf.nn.avg_pool2d(hole, 7, 1, "SAME", name="mask_processed")
        outside = 1 - hole
        mean = tf.reduce_sum(picture * outside, (1, 2), keepdims=True) / tf.reduce_sum(outside)
        inside = hole * (mean + tf.constant(OFFSET_BGR))
        tf.add(inside, outside * (255 - picture), name="inpainted")
        weights = tf.constant(attention) * _find_free_cells(tf, hole)
        tf.reshape(weights, attention_shape, name="attention")
    path.write_bytes(graph.as_graph_def().SerializeToString())
    return path


def _find_free_cells(tf: Any, hole: Any) -> Any:
    """Return [1,1024]: 0 for cells that the hole touches and their neighbours, 1 for all others."""
    cells = tf.nn.max_pool2d(hole, SIDE // GRID, SIDE // GRID, "VALID")
    return 1 - tf.reshape(tf.nn.max_pool2d(cells, 3, 1, "SAME"), (1, CELLS))


def build_store_with_hifill(
    folder: Path,
    *,
    attention: NDArray[np.float32] = EVERYWHERE,
    mirror: Path | None = None,
) -> ModelStore:
    """Return a store whose `hifill.pb` is such a graph, with that file's digest.

    Args:
        folder: the store's folder; it is created if it is missing.
        attention: see `write_frozen_graph`.
        mirror: folder with the other files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    graph = write_frozen_graph(folder / HIFILL.name, attention=attention)
    return build_store_around(graph, mirror=mirror)


def build_store_around(graph: Path, *, mirror: Path | None = None) -> ModelStore:
    """Return a store in the folder of this `hifill.pb`, with that file's digest.

    Args:
        graph: the file `hifill.pb`.
        mirror: folder with the other files.
    """
    digest = hashlib.sha256(graph.read_bytes()).hexdigest()
    graph_file = replace(HIFILL, urls=(), git_blob=None, sha256=digest)
    others = tuple(weight for weight in WEIGHTS if weight is not HIFILL)
    return ModelStore(graph.parent, mirror, weights=(graph_file, *others))
