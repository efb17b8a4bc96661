"""The released graph in the forms that are worth converting, the fastest first."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from vision.inpainters.hifill_network.contract import HOLE, OUTPUTS, PICTURE, WINDOW
from vision.inpainters.hifill_network.rewriting.frozen_graph import FrozenGraph
from vision.inpainters.hifill_network.rewriting.patches import rewrite_patches
from vision.inpainters.hifill_network.rewriting.transfer import rewrite_transfers
from vision.inpainters.hifill_network.rewriting.window import cut_to_window

WINDOWED = "windowed"
REWRITTEN = "rewritten"
AS_RELEASED = "as released"


@dataclass(frozen=True)
class Variant:
    """A graph that computes what the released one does.

    Attributes:
        definition: the GraphDef.
        margin: where the graph paints only the window of cells that `window:0` names, how many
            cells that must reach beyond the hole; None where it paints the whole picture.
    """

    definition: Any
    margin: int | None = None

    @property
    def inputs(self) -> list[str]:
        """The names of the tensors that go in."""
        return [PICTURE, HOLE] if self.margin is None else [PICTURE, HOLE, WINDOW]


def variants(tensorflow: Any, definition: Any) -> dict[str, Callable[[], Variant]]:
    """What makes each variant of the graph, by its name; the fastest first, the graph itself last.

    Whether they give the same numbers is for their user to find out: a graph of another make may
    look alike and not be. On one that is very unlike, making them may raise anything.

    Args:
        tensorflow: the module.
        definition: the released GraphDef.
    """
    return {
        WINDOWED: lambda: _windowed(FrozenGraph(tensorflow, definition)),
        REWRITTEN: lambda: Variant(_with_rewritten_parts(FrozenGraph(tensorflow, definition))),
        AS_RELEASED: lambda: Variant(definition),
    }


def _windowed(frozen: FrozenGraph) -> Variant:
    """Raises NotLocal."""
    attention, margin = cut_to_window(frozen)
    return Variant(_with_rewritten_parts(frozen, attention), margin)


def _with_rewritten_parts(frozen: FrozenGraph, attention: str | None = None) -> Any:
    rewrite_transfers(frozen, attention)
    rewrite_patches(frozen)
    return frozen.pruned(OUTPUTS)
