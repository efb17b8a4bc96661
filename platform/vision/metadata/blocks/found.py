"""What is found in a file before any of it is checked."""

from dataclasses import dataclass, field

THUMBNAIL = "an embedded thumbnail"
MOTION_VIDEO = "the video of a Motion Photo"
AFTER_END = "data behind the picture's end"
FURTHER_PICTURES = "Further pictures in the file (HDR gain map, depth or others) were left out"
CONTENT_CREDENTIALS = "content credentials (C2PA)"


@dataclass
class Blocks:
    """Raw blocks; `dropped` says what cannot be kept, `notes` are whole sentences about it.

    `exif`: EXIF, or a whole TIFF file, from its header on. `iptc`: datasets of IPTC-IIM. `texts`:
    pairs of keyword and raw text.
    """

    exif: bytes = b""
    xmp: list[bytes] = field(default_factory=list)
    iptc: bytes = b""
    texts: list[tuple[str, bytes]] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add_dropped(self, what: str) -> None:
        """Add it to `dropped`, once."""
        if what not in self.dropped:
            self.dropped.append(what)

    def check_end(self, rest: bytes) -> None:
        """Add the data behind the picture's end to `dropped`, unless they are only padding."""
        if rest.strip(b"\0\r\n "):
            self.add_dropped(AFTER_END)

    def add_note(self, note: str) -> None:
        """Add it to `notes`, once."""
        if note not in self.notes:
            self.notes.append(note)
