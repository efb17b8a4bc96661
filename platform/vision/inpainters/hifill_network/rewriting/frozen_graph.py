"""A frozen graph that can be searched by its tensors and changed in parts."""

from collections.abc import Callable, Iterable
from typing import Any

INPUT_TYPES = ("Placeholder", "PlaceholderWithDefault")
ALIASES = {"Identity": 0, "Reshape": 0, "Split": 1, "StopGradient": 0}
"""Operations that may pass a tensor on unchanged, and the index of that tensor in their inputs."""

Spec = tuple[Any, tuple[int | None, ...]]
"""A tensor's dtype and shape."""


class FrozenGraph:
    """A GraphDef to rewrite. Its operations and shapes are looked up in the original.

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
        self._part_count = 0
        self._replacements: dict[str, str] = {}

    def get_tensor(self, name: str) -> Any:
        """Return the tensor of this name."""
        return self.graph.get_tensor_by_name(name)

    def find_operations(self, kind: str) -> list[Any]:
        """Return all operations of a type, by TensorFlow's name for it."""
        return [one for one in self.graph.get_operations() if one.type == kind]

    def find_ancestors(self, tensor: Any) -> set[Any]:
        """Return all operations that the tensor depends on, its own included."""
        return _collect([tensor.op], lambda operation: [source.op for source in operation.inputs])

    def find_descendants(self, operations: Iterable[Any]) -> set[Any]:
        """Return these operations and all that depend on them."""
        return _collect(
            operations,
            lambda operation: [to for output in operation.outputs for to in output.consumers()],
        )

    def find_aliases(self, tensor: Any) -> list[Any]:
        """Return all tensors with this one's value passed on unchanged; the origin comes first."""
        while (source := _find_alias_source(tensor.op)) is not None:
            tensor = source
        aliases = [tensor]
        for alias in aliases:
            aliases += [
                to.outputs[0] for to in alias.consumers() if _find_alias_source(to) is alias
            ]
        return aliases

    def is_constant(self, tensor: Any) -> bool:
        """Return whether the tensor depends on none of the graph's inputs."""
        return not any(one.type in INPUT_TYPES for one in self.find_ancestors(tensor))

    def compute_value(self, tensor: Any) -> Any:
        """Return a constant tensor's value."""
        with self.tensorflow.compat.v1.Session(graph=self.graph) as session:
            return session.run(tensor)

    def add_input(self, name: str, spec: Spec) -> str:
        """Add a placeholder and return its tensor's name."""
        part = self.tensorflow.Graph()
        with part.as_default():
            self.tensorflow.compat.v1.placeholder(*spec, name=name)
        self.definition.node.extend(part.as_graph_def().node)
        return f"{name}:0"

    def add_part(self, build: Callable[..., Any], **inputs: tuple[str, Spec]) -> str:
        """Add the operations that `build` creates, and return the name of its result.

        Args:
            build: takes TensorFlow tensors as keyword arguments, returns one.
            inputs: the name and spec of each of these tensors.
        """
        prefix = f"rewritten_{self._part_count}"
        self._part_count += 1
        part = self.tensorflow.Graph()
        with part.as_default():
            placeholders = {
                name: self.tensorflow.compat.v1.placeholder(*spec, name=f"input_{name}")
                for name, (_, spec) in inputs.items()
            }
            result = build(**placeholders)
        outside = {
            f"input_{name}": self._replacements.get(tensor, tensor)
            for name, (tensor, _) in inputs.items()
        }
        for node in part.as_graph_def().node:
            if node.name not in outside:
                self.definition.node.append(_copy_node(node, prefix, outside))
        return f"{prefix}/{result.name}"

    def redirect(self, consumers: Iterable[Any], before: str, after: str) -> None:
        """Make these operations take the tensor `after` wherever they took `before`."""
        names = {consumer.name for consumer in consumers}
        _redirect((node for node in self.definition.node if node.name in names), before, after)

    def replace(self, tensor: Any, after: str) -> None:
        """Make everything that takes this tensor, now or later, take `after`."""
        _redirect(self.definition.node, tensor.name, after)
        self._replacements[tensor.name] = after

    def extract_graph(self, outputs: Iterable[str]) -> Any:
        """Return the GraphDef with only the operations that these tensors need."""
        names = [name.partition(":")[0] for name in outputs]
        return self.tensorflow.compat.v1.graph_util.extract_sub_graph(self.definition, names)


def get_spec(tensor: Any) -> Spec:
    """Return a tensor's dtype and shape."""
    return tensor.dtype, tuple(tensor.shape.as_list())


def get_shape(tensor: Any) -> list[int | None]:
    """Return the tensor's shape; an empty list if not even its rank is known."""
    return [] if tensor.shape.rank is None else list(tensor.shape.as_list())


def _find_alias_source(operation: Any) -> Any | None:
    """Return the tensor that the operation passes on unchanged, or None."""
    if operation.type not in ALIASES or len(operation.outputs) != 1:
        return None
    source = operation.inputs[ALIASES[operation.type]]
    shape = get_shape(source)
    is_same = shape and None not in shape and shape == get_shape(operation.outputs[0])
    return source if is_same else None


def _collect(start: Iterable[Any], find_next: Callable[[Any], Iterable[Any]]) -> set[Any]:
    """Return the start and everything that can be reached from it."""
    reachable: set[Any] = set()
    waiting = list(start)
    while waiting:
        operation = waiting.pop()
        if operation not in reachable:
            reachable.add(operation)
            waiting.extend(find_next(operation))
    return reachable


def _copy_node(node: Any, prefix: str, outside: dict[str, str]) -> Any:
    """Copy the node under a prefix; inputs from outside its part get their outside names."""
    copy = type(node)()
    copy.CopyFrom(node)
    copy.name = f"{prefix}/{node.name}"
    inputs = []
    for name in node.input:
        control, bare = ("^", name[1:]) if name.startswith("^") else ("", name)
        inputs.append(outside.get(bare.partition(":")[0]) or f"{control}{prefix}/{bare}")
    copy.input[:] = inputs
    return copy


def _redirect(nodes: Iterable[Any], before: str, after: str) -> None:
    for node in nodes:
        node.input[:] = [after if _add_index(name) == before else name for name in node.input]


def _add_index(name: str) -> str:
    """Return an input's name as a tensor's, because a GraphDef leaves out the index 0."""
    return name if ":" in name else f"{name}:0"
