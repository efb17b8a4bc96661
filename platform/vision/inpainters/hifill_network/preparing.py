"""What `weights fetch` does for HiFill once the released graph is there."""

from vision.errors import InpainterFailed, WeightsMissing
from vision.inpainters.hifill_network.forms import FORMS
from vision.weights import HIFILL, ModelStore


def prepare_forms(store: ModelStore) -> list[str]:
    """Convert the store's graph for faster runtimes, and say what came of it.

    Takes a minute, with TensorFlow; nothing where it has been done already. The platform works
    without: then the network runs in TensorFlow.

    Args:
        store: what it holds of the graph is converted into its folder.

    Returns:
        A line for each form; none where the store has no graph.
    """
    try:
        graph = store.path(HIFILL.name)
    except WeightsMissing:
        return []
    from vision.inpainters.hifill_network.conversion import convert

    try:
        manifest = convert(graph, store.folders)
    except InpainterFailed as error:
        return [f"{HIFILL.name} was not converted: {error.message}"]
    except OSError as error:
        return [f"{HIFILL.name} was not converted: {error}"]
    kept = [
        f"{FORMS[name].file}, {form.variant}: gives what {HIFILL.name} gives, to {form.difference}"
        for name, form in manifest.kept.items()
    ]
    aside = [f"{FORMS[name].file}: left out, {why}" for name, why in manifest.aside.items()]
    return kept + aside
