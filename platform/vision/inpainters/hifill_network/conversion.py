"""Converts the released graph for faster runtimes, and keeps what reproduces it.

`python -m vision.inpainters.hifill_network.conversion GRAPH WORKSHOP FOLDER...` prints why not.
"""

import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from vision.errors import InpainterFailed
from vision.inpainters.hifill_network.alone import alone_in
from vision.inpainters.hifill_network.contract import OUTPUTS
from vision.inpainters.hifill_network.forms import (
    CONVERTED,
    FORMS,
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


def convert(graph: Path, folders: Sequence[Path], workshop: Path | None = None) -> Manifest:
    """Convert the graph to every form, prove each, and keep those that reproduce it.

    Nothing is done where that has been done already, with the same versions of everything.

    Args:
        graph: the released graph.
        folders: where the forms may lie already; they and their manifest go into the first.
        workshop: a folder on the same disk to make them in; that first one where none is given.

    Returns:
        What came of it.

    Raises:
        InpainterFailed: the graph itself does not run here; codes of `TensorFlowNetwork`.
        OSError: the folder can't be written to.
    """
    if done := converted_before(graph, folders):
        return done
    folder = folders[0]
    expected = outputs_of(open_form(PLAIN, graph))
    for chatty in ("tensorflow", "tf2onnx", "absl"):
        logging.getLogger(chatty).setLevel(logging.ERROR)
    manifest = Manifest(sha256_of(graph), _versions(), {}, {})
    with TemporaryDirectory(dir=workshop or folder, prefix=".hifill.") as made:
        for form in CONVERTED:
            try:
                manifest.kept[form.name] = _made(form, graph, Path(made), expected)
            except StepsAside as reason:
                manifest.aside[form.name] = str(reason)
        _publish(manifest, Path(made), folder)
    return manifest


def converted_before(graph: Path, folders: Sequence[Path]) -> Manifest | None:
    """What came of an earlier conversion, by the same versions of everything; None without one."""
    source, versions = sha256_of(graph), _versions()
    for place in folders:
        done = Manifest.read(place)
        if done and done.source == source and done.versions == versions and _whole(done, place):
            return done
    return None


def _whole(manifest: Manifest, folder: Path) -> bool:
    return all(manifest.has_whole(name, folder) for name in manifest.kept)


def _publish(manifest: Manifest, workshop: Path, folder: Path) -> None:
    """Forms and manifest together: no two conversions give the same bytes, others' don't fit."""
    with alone_in(folder):
        for name in manifest.kept:
            file = str(FORMS[name].file)
            (workshop / file).replace(folder / file)
        manifest.write(folder)


def _versions() -> dict[str, str]:
    converters = {"conversion": OWN_VERSION, "tf2onnx": version_of("tf2onnx")}
    return converters | {form.name: form.version() for form in (PLAIN, *CONVERTED)}


def _made(form: Form, graph: Path, workshop: Path, expected: list[Outputs]) -> ProvenForm:
    """Leaves the form's file in the workshop. Raises StepsAside with why there is no such form."""
    if not form.version():
        raise StepsAside(f"{form.title} is not installed")
    tensorflow = imported()
    definition = definition_in(tensorflow, graph)
    reasons: list[str] = []
    for name, make in variants_for(form, tensorflow, definition).items():
        made = workshop / f"{len(reasons)}.{form.file}"
        try:
            made.write_bytes(converted(form, tensorflow, make))
            found = _proven(form, made, expected)
        except StepsAside as error:
            logger.info("%s, %s: %s", form.title, name, error)
            reasons.append(str(error))
        else:
            made.chmod(0o644)
            kept = made.replace(workshop / str(form.file))
            return ProvenForm(sha256_of(kept), name, found)
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


if __name__ == "__main__":
    try:
        convert(Path(sys.argv[1]), [Path(name) for name in sys.argv[3:]], Path(sys.argv[2]))
    except (InpainterFailed, OSError) as failure:
        sys.stdout.write(str(failure))
        sys.exit(1)
