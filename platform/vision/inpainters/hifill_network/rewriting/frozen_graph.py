"""A frozen graph that can be looked at by its tensors and changed by pieces."""

from collections.abc import Callable, Iterable
from typing import Any

INPUT_TYPES = ("Placeholder", "PlaceholderWithDefault")
ALIASES = {"Identity": 0, "Reshape": 0, "Split": 1, "StopGradient": 0}
"""Operations that may pass a tensor on unchanged, and the place of that tensor in their inputs."""

Form = tuple[Any, tuple[int | None, ...]]
"""A tensor's dtype and shape."""


class FrozenGraph:
    """A GraphDef to be rewritten; its operations and shapes are looked up as they were at first.

    Args:
        tensorflow: the module.
        definition: the GraphDef; it is copied.
    """

    def __init__(self, tensorflow: Any, definition: Any) -> None:
        self.tensorflow = tensorflow
        self.definition = type(definition)()
        self.definition.CopyFrom(definition)
        self.graph = tensorflow.Graph()
        with self.graph.as_default():
            tensorflow.import_graph_def(definition, name="")
        self._pieces = 0
        self._replaced: dict[str, str] = {}

    def tensor(self, name: str) -> Any:
        """The tensor of this name."""
        return self.graph.get_tensor_by_name(name)

    def operations(self, kind: str) -> list[Any]:
        """Every operation of a kind, by TensorFlow's name for it."""
        return [found for found in self.graph.get_operations() if found.type == kind]

    def before(self, tensor: Any) -> set[Any]:
        """Every operation that the tensor depends on, its own included."""
        return _reached([tensor.op], lambda found: [given.op for given in found.inputs])

    def after(self, operations: Iterable[Any]) -> set[Any]:
        """These operations and every one that depends on them."""
        return _reached(
            operations, lambda found: [to for output in found.outputs for to in output.consumers()]
        )

    def aliases(self, tensor: Any) -> list[Any]:
        """Every tensor that is this one passed on unchanged, itself and where it began included."""
        while (passed := _passed_on(tensor.op)) is not None:
            tensor = passed
        found = [tensor]
        for alias in found:
            found += [to.outputs[0] for to in alias.consumers() if _passed_on(to) is alias]
        return found

    def is_constant(self, tensor: Any) -> bool:
        """Whether the tensor depends on none of the graph's inputs."""
        return not any(found.type in INPUT_TYPES for found in self.before(tensor))

    def value(self, tensor: Any) -> Any:
        """A constant tensor's value."""
        with self.tensorflow.compat.v1.Session(graph=self.graph) as session:
            return session.run(tensor)

    def add_input(self, name: str, form: Form) -> str:
        """Add a placeholder and return its tensor's name."""
        piece = self.tensorflow.Graph()
        with piece.as_default():
            self.tensorflow.compat.v1.placeholder(*form, name=name)
        self.definition.node.extend(piece.as_graph_def().node)
        return f"{name}:0"

    def put(self, build: Callable[..., Any], **given: tuple[str, Form]) -> str:
        """Add what `build` makes, and return the name of its tensor.

        Args:
            build: takes TensorFlow tensors by name, gives one.
            given: the name of each of these tensors, and its form.
        """
        prefix = f"rewritten_{self._pieces}"
        self._pieces += 1
        piece = self.tensorflow.Graph()
        with piece.as_default():
            stand_ins = {
                name: self.tensorflow.compat.v1.placeholder(*form, name=f"given_{name}")
                for name, (_, form) in given.items()
            }
            made = build(**stand_ins)
        outside = {
            f"given_{name}": self._replaced.get(tensor, tensor)
            for name, (tensor, _) in given.items()
        }
        for node in piece.as_graph_def().node:
            if node.name not in outside:
                self.definition.node.append(_moved(node, prefix, outside))
        return f"{prefix}/{made.name}"

    def redirect(self, consumers: Iterable[Any], before: str, after: str) -> None:
        """Let these operations take the tensor `after` wherever they took `before`."""
        names = {consumer.name for consumer in consumers}
        _redirect((node for node in self.definition.node if node.name in names), before, after)

    def replace(self, tensor: Any, after: str) -> None:
        """Let everything that takes this tensor, now or later, take `after`."""
        _redirect(self.definition.node, tensor.name, after)
        self._replaced[tensor.name] = after

    def pruned(self, outputs: Iterable[str]) -> Any:
        """The GraphDef of what these tensors need."""
        names = [name.partition(":")[0] for name in outputs]
        return self.tensorflow.compat.v1.graph_util.extract_sub_graph(self.definition, names)


def form_of(tensor: Any) -> Form:
    """A tensor's dtype and shape."""
    return tensor.dtype, tuple(tensor.shape.as_list())


def sides(tensor: Any) -> list[int | None]:
    """The tensor's shape, empty where not even its rank is known."""
    return [] if tensor.shape.rank is None else list(tensor.shape.as_list())


def _passed_on(operation: Any) -> Any | None:
    """The tensor that the operation passes on unchanged, or None."""
    if operation.type not in ALIASES or len(operation.outputs) != 1:
        return None
    given = operation.inputs[ALIASES[operation.type]]
    shape = sides(given)
    return given if shape and None not in shape and shape == sides(operation.outputs[0]) else None


def _reached(start: Iterable[Any], following: Callable[[Any], Iterable[Any]]) -> set[Any]:
    reached: set[Any] = set()
    waiting = list(start)
    while waiting:
        found = waiting.pop()
        if found not in reached:
            reached.add(found)
            waiting.extend(following(found))
    return reached


def _moved(node: Any, prefix: str, outside: dict[str, str]) -> Any:
    """The node under a name of its own, taking what lies outside its piece by its name there."""
    moved = type(node)()
    moved.CopyFrom(node)
    moved.name = f"{prefix}/{node.name}"
    taken = []
    for name in node.input:
        control, bare = ("^", name[1:]) if name.startswith("^") else ("", name)
        taken.append(outside.get(bare.partition(":")[0]) or f"{control}{prefix}/{bare}")
    moved.input[:] = taken
    return moved


def _redirect(nodes: Iterable[Any], before: str, after: str) -> None:
    for node in nodes:
        taken = [after if _full(name) == before else name for name in node.input]
        node.input[:] = taken


def _full(name: str) -> str:
    return name if ":" in name else f"{name}:0"
