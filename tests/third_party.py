"""Writes THIRD_PARTY.md: the packages, weights and pictures that Vanish uses, and their licences.

Run `make third-party` after `make lock` and whenever a weight or an example picture changes.
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

# The metadata name no licence; the LICENSE file does.
LICENCES_WITHOUT_METADATA = {"namex": "Apache-2.0"}


def list_required_packages() -> list[str]:
    """Return the names that requirements/run.txt pins, for any system."""
    return re.findall(r"^([a-z0-9][a-z0-9._-]*)==", REQUIREMENTS.read_text(), re.MULTILINE)


def read_licences() -> dict[str, str]:
    """Return package name to licence, for the required packages that are installed here."""
    licences_by_name = {}
    for name in list_required_packages():
        try:
            licences_by_name[name] = read_licence(distribution(name))
        except PackageNotFoundError:
            continue
    return licences_by_name


def read_licence(package: Distribution) -> str:
    """Return the licence in the metadata: expression, classifiers or first line of the text."""
    metadata = package.metadata
    if expression := metadata.get("License-Expression"):
        return expression
    classifiers = metadata.get_all("Classifier") or []
    classifier_names = [
        line.split(" :: ")[-1] for line in classifiers if line.startswith("License ::")
    ]
    classifier_names = [name for name in classifier_names if name != "OSI Approved"]
    if classifier_names:
        return ", ".join(classifier_names)
    lines = (metadata.get("License") or "").strip().splitlines()
    if lines and len(lines[0]) <= LONGEST_LICENCE:
        return lines[0]
    return LICENCES_WITHOUT_METADATA.get(package.name.lower(), "not stated")


def build_page() -> str:
    """Return the whole page as Markdown."""
    packages = [f"| {name} | {licence} |" for name, licence in read_licences().items()]
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


def main() -> None:
    """Print the page."""
    sys.stdout.write(build_page())
