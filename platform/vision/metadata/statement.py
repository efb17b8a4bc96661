"""The statement in XMP that a picture was edited, and with what kind of tool.

Vocabulary: IPTC NewsCodes, "Digital Source Type" (version of 2024-09-17). Properties: IPTC Photo
Metadata Standard 2025.1, 12.11; XMP specification part 2, 8.2.2.6 (ResourceEvent).
"""

from collections.abc import Collection
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement

from vision.metadata.xmp import RDF, name_property, read_properties, write_xmp

SOFTWARE = "Vanish"
_VOCABULARY = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_GENERATIVE = f"{_VOCABULARY}compositeWithTrainedAlgorithmicMedia"
_NOT_GENERATIVE = f"{_VOCABULARY}humanEdits"
_UNTRAINED = {"patchmatch"}


def choose_source_type(inpainters: Collection[str]) -> str:
    """Return the term for a picture that these inpainters changed.

    compositeWithTrainedAlgorithmicMedia ("such as with inpainting") if one of them is a trained
    network; humanEdits ("using non-generative tools") if all only copy parts of the photo.
    """
    return _NOT_GENERATIVE if set(inpainters) <= _UNTRAINED else _GENERATIVE


def state_edit(xmp: bytes | None, *, source_type: str, moment: datetime) -> bytes:
    """Return the XMP with DigitalSourceType and an entry in its history: edited by Vanish then.

    `xmp`: None or of `Picture.xmp`; `moment` has a time zone.
    """
    properties = read_properties(xmp) if xmp else {}
    source = Element(name_property("Iptc4xmpExt", "DigitalSourceType"))
    source.text = source_type
    properties[source.tag] = source
    history = Element(name_property("xmpMM", "History"))
    event = SubElement(
        SubElement(history, f"{RDF}Seq"), f"{RDF}li", {f"{RDF}parseType": "Resource"}
    )
    values = {
        "action": "edited",
        "softwareAgent": SOFTWARE,
        "when": moment.isoformat(timespec="seconds"),
    }
    for name, value in values.items():
        SubElement(event, name_property("stEvt", name)).text = value
    properties[history.tag] = history
    return write_xmp(properties.values()) or b""
