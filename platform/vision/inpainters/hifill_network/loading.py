"""The network as it runs here: in the fastest of the forms that reproduce the released graph."""

import logging
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from vision.errors import InpainterFailed
from vision.inpainters.hifill_network.choice import by_speed
from vision.inpainters.hifill_network.contract import Network
from vision.inpainters.hifill_network.forms import FORMS, PLAIN, open_form
from vision.inpainters.hifill_network.manifest import proven_forms

logger = logging.getLogger(__name__)


def load_network(graph: Path, folders: Sequence[Path]) -> Network:
    """The network, loaded.

    Without converted forms it is the released graph in TensorFlow, which is not imported for any
    other. The first load on a machine tries the forms out, each in a process of its own.

    Args:
        graph: the released graph.
        folders: where converted forms may lie; what is found out is kept in the first.

    Raises:
        InpainterFailed: codes inpainter_unavailable, inpainter_bad_graph.
    """
    forms = proven_forms(graph, folders)
    if not forms:
        return open_form(PLAIN, graph)
    if find_spec("tensorflow") is not None:
        forms[PLAIN.name] = graph
    for name in by_speed(forms, folders[0]):
        try:
            return open_form(FORMS[name], forms[name])
        except InpainterFailed as error:
            logger.warning("HiFill does without %s: %s", FORMS[name].title, error.message)
    return open_form(PLAIN, graph)
