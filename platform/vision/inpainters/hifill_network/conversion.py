"""Converts the released graph for faster runtimes, and keeps what reproduces it."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from vision.errors import InpainterFailed
from vision.inpainters.hifill_network.contract import OUTPUTS
from vision.inpainters.hifill_network.forms import (
    CONVERTED,
    ONNX,
    PLAIN,
    Form,
    open_form,
    version_of,
)
from vision.inpainters.hifill_network.manifest import Manifest, ProvenForm
from vision.inpainters.hifill_network.onnx_network import MARGIN
from vision.inpainters.hifill_network.proof import Difference, Outputs, difference, outputs_of
from vision.inpainters.hifill_network.rewriting.rewrite import WINDOWED, Variant, variants
from vision.inpainters.hifill_network.tensorflow_network import definition_in, imported
from vision.weight_files import sha256_of

logger = logging.getLogger(__name__)

OPSET = 18
OWN_VERSION = "1"
"""To be raised when this package converts otherwise."""


class StepsAside(Exception):
    """The form is not to be used; says why."""


def convert(graph: Path, folders: Sequence[Path]) -> Manifest:
    """Convert the graph to every form, prove each, and keep those that reproduce it.

    Nothing is done where that has been done already, with the same versions of everything.

    Args:
        graph: the released graph.
        folders: where the forms may lie already; they and their manifest go into the first.

    Returns:
        What came of it.

    Raises:
        InpainterFailed: the graph itself does not run here; codes of `TensorFlowNetwork`.
        OSError: the folder can't be written to.
    """
    source, versions = sha256_of(graph), _versions()
    for place in folders:
        done = Manifest.read(place)
        if done and done.source == source and done.versions == versions and _whole(done, place):
            return done
    folder = folders[0]
    expected = outputs_of(open_form(PLAIN, graph))
    for chatty in ("tensorflow", "tf2onnx", "absl"):
        logging.getLogger(chatty).setLevel(logging.ERROR)
    kept: dict[str, ProvenForm] = {}
    aside: dict[str, str] = {}
    for form in CONVERTED:
        try:
            kept[form.name] = _made(form, graph, folder, expected)
        except StepsAside as reason:
            aside[form.name] = str(reason)
    manifest = Manifest(source, versions, kept, aside)
    manifest.write(folder)
    return manifest


def _whole(manifest: Manifest, folder: Path) -> bool:
    return all(manifest.has_whole(name, folder) for name in manifest.kept)


def _versions() -> dict[str, str]:
    converters = {"conversion": OWN_VERSION, "tf2onnx": version_of("tf2onnx")}
    return converters | {form.name: form.version() for form in (PLAIN, *CONVERTED)}


def _made(form: Form, graph: Path, folder: Path, expected: list[Outputs]) -> ProvenForm:
    """Raises StepsAside with the reasons why there is no such form."""
    if not form.version():
        raise StepsAside(f"{form.title} is not installed")
    tensorflow = imported()
    definition = definition_in(tensorflow, graph)
    reasons: list[str] = []
    with TemporaryDirectory(dir=folder, prefix=".hifill.") as workshop:
        for name, make in variants_for(form, tensorflow, definition).items():
            made = Path(workshop) / f"{len(reasons)}.{form.file}"
            try:
                made.write_bytes(converted(form, tensorflow, make))
                found = _proven(form, made, expected)
            except StepsAside as error:
                logger.info("%s, %s: %s", form.title, name, error)
                reasons.append(str(error))
            else:
                made.chmod(0o644)
                made.replace(folder / str(form.file))
                return ProvenForm(sha256_of(folder / str(form.file)), name, found)
    raise StepsAside("; ".join(dict.fromkeys(reasons)))


def variants_for(form: Form, tensorflow: Any, definition: Any) -> dict[str, Callable[[], Variant]]:
    """`variants`, those that the form can take."""
    made = variants(tensorflow, definition)
    if form is not ONNX:
        # LiteRT plans its memory ahead, for shapes that are known.
        del made[WINDOWED]
    return made


def _proven(form: Form, made: Path, expected: list[Outputs]) -> Difference:
    """Raises StepsAside."""
    try:
        found = difference(outputs_of(open_form(form, made)), expected)
    except InpainterFailed as error:
        raise StepsAside(error.message) from error
    if not found.is_small:
        raise StepsAside(f"it differs from the graph by {found}")
    return found


def converted(form: Form, tensorflow: Any, make: Callable[[], Variant]) -> bytes:
    """The form's file, not yet proven. Raises StepsAside where it can't be made."""
    try:
        variant = make()
        return _to_onnx(variant) if form is ONNX else _to_litert(tensorflow, variant)
    # What is raised where an operation, or its place, is not known is anything at all.
    except Exception as error:
        raise StepsAside(f"it can't be converted ({_first_line(error)})") from error


def _to_onnx(variant: Variant) -> bytes:
    import tf2onnx

    model, _ = tf2onnx.convert.from_graph_def(
        variant.definition,
        input_names=variant.inputs,
        output_names=list(OUTPUTS),
        opset=OPSET,
    )
    if variant.margin is not None:
        model.metadata_props.add(key=MARGIN, value=str(variant.margin))
    return bytes(model.SerializeToString())


def _to_litert(tensorflow: Any, variant: Variant) -> bytes:
    def whole() -> None:
        tensorflow.import_graph_def(variant.definition, name="")

    wrapped = tensorflow.compat.v1.wrap_function(whole, [])
    function = wrapped.prune(variant.inputs, list(OUTPUTS))
    converter = tensorflow.lite.TFLiteConverter.from_concrete_functions([function], function)
    return bytes(converter.convert())


def _first_line(error: Exception) -> str:
    line = str(error).strip().partition("\n")[0]
    return line.rpartition("error: ")[2] or type(error).__name__
