"""Writes THIRD_PARTY.md: the packages, weights and pictures that Vanish uses, and their licences.

`make third-party`, after `make lock` and whenever a weight or an example picture changes.
"""

import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from gallery.examples.table import FETCHED, INSTALLED
from vision.weights import WEIGHTS

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = ROOT / "requirements/run.txt"
LONGEST_LICENCE = 60

# Its metadata name none; its LICENSE file does.
UNSTATED = {"namex": "Apache-2.0"}


def required_packages() -> list[str]:
    """The names that requirements/run.txt pins, on any system."""
    return re.findall(r"^([a-z0-9][a-z0-9._-]*)==", REQUIREMENTS.read_text(), re.MULTILINE)


def licences() -> dict[str, str]:
    """Package to licence, for the required ones that are installed here."""
    found = {}
    for name in required_packages():
        try:
            found[name] = licence_of(distribution(name))
        except PackageNotFoundError:
            continue
    return found


def licence_of(package: Distribution) -> str:
    """As its metadata say: expression, classifiers or, last, the free text's first line."""
    metadata = package.metadata
    if expression := metadata.get("License-Expression"):
        return expression
    classifiers = metadata.get_all("Classifier") or []
    named = [line.split(" :: ")[-1] for line in classifiers if line.startswith("License ::")]
    named = [name for name in named if name != "OSI Approved"]
    if named:
        return ", ".join(named)
    lines = (metadata.get("License") or "").strip().splitlines()
    if lines and len(lines[0]) <= LONGEST_LICENCE:
        return lines[0]
    return UNSTATED.get(package.name.lower(), "not stated")


def document() -> str:
    """The whole page."""
    packages = [f"| {name} | {licence} |" for name, licence in licences().items()]
    weights = [f"| {weight.name} | {weight.licence} | {weight.purpose} |" for weight in WEIGHTS]
    pictures = [
        f"| {picture.title} | {picture.credit} | {picture.licence} |"
        for picture in (*FETCHED, *INSTALLED)
    ]
    return "\n".join(
        [
            "# Third parties",
            "",
            "Vanish itself is under the MIT licence (LICENSE). Nothing on this page is part of the",
            "repository: packages are installed, and weights and pictures are downloaded, on the",
            "user's machine. `make third-party` writes this page.",
            "",
            "## Packages",
            "",
            "| package | licence, from its metadata |",
            "|---|---|",
            *packages,
            "",
            "## Weights",
            "",
            "| file | licence | purpose |",
            "|---|---|---|",
            *weights,
            "",
            "## Example pictures",
            "",
            "| picture | author | licence |",
            "|---|---|---|",
            *pictures,
            "",
        ]
    )


if __name__ == "__main__":
    sys.stdout.write(document())
