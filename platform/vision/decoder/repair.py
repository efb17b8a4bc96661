"""Repair of files whose pixels are sound but whose other parts are damaged or missing.

What is not pixels never decides whether a photo opens: such parts are left out, with a note.
"""

from dataclasses import dataclass, field

MISSING_END = "The end of the file is missing, but all its pixels are there"

_NAMES = {
    "iCCP": "colour profile",
    "ICCP": "colour profile",
    "ICC": "colour profile",
    "Exif": "EXIF",
    "eXIf": "EXIF",
    "tEXt": "text",
    "zTXt": "text",
    "iTXt": "text",
    "XMP ": "XMP",
    "tRNS": "transparency",
    "tIME": "time",
    "pHYs": "density",
    "gAMA": "gamma",
    "cHRM": "primary colours",
    "acTL": "animation",
    "fcTL": "animation",
    "fdAT": "animation",
}


@dataclass
class Repair:
    """A file that readers open, and what was changed to get it.

    Attributes:
        data: the file; the very same object where nothing had to be changed.
        notes: what was left out, for people.
        must_prove_pixels: the end is missing or a checksum is wrong, so the file may only be opened
            after a proof that all its pixels are there.
    """

    data: bytes
    notes: list[str] = field(default_factory=list)
    must_prove_pixels: bool = False


def describe_skipped_parts(kinds: list[str]) -> list[str]:
    """Return the note on parts that were left out; none for no parts.

    `kinds`: as the file calls them, like "zTXt".
    """
    if not kinds:
        return []
    titles = dict.fromkeys(_NAMES.get(kind, kind.strip()) for kind in kinds)
    listed = ", ".join(list(titles)[:8])
    return [f"Damaged or too large parts of the file beside its pixels were left out: {listed}"]
