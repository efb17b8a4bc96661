"""The forms in which HiFill's network can run: which there are, and how each is opened."""

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from vision.inpainters.hifill_network.contract import Network


@dataclass(frozen=True)
class Form:
    """One form of the network.

    Attributes:
        name: as it is written down.
        title: the runtime's name, for people.
        file: the file's name beside the released graph; None for that graph itself.
        packages: the packages that may bring the runtime.
    """

    name: str
    title: str
    file: str | None
    packages: tuple[str, ...]

    def version(self) -> str:
        """The runtime's version; empty where it is not installed."""
        return version_of(*self.packages)


PLAIN = Form("tensorflow", "TensorFlow", None, ("tensorflow", "tensorflow-cpu"))
ONNX = Form("onnx", "ONNX Runtime", "hifill.onnx", ("onnxruntime",))
LITERT = Form("litert", "LiteRT", "hifill.tflite", ("ai-edge-litert",))
CONVERTED = (ONNX, LITERT)
FORMS = {form.name: form for form in (PLAIN, *CONVERTED)}


def open_form(form: Form, path: Path) -> Network:
    """The network in this form, loaded. Raises InpainterFailed."""
    if form is ONNX:
        from vision.inpainters.hifill_network.onnx_network import OnnxNetwork

        return OnnxNetwork(path)
    if form is LITERT:
        from vision.inpainters.hifill_network.litert_network import LiteRtNetwork

        return LiteRtNetwork(path)
    from vision.inpainters.hifill_network.tensorflow_network import TensorFlowNetwork

    return TensorFlowNetwork(path)


def version_of(*packages: str) -> str:
    """The version of the first of these packages that is installed; empty where none is."""
    for package in packages:
        try:
            return version(package)
        except PackageNotFoundError:
            continue
    return ""
