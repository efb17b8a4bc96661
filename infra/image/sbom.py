"""Writes what the image is made of, as CycloneDX: `python sbom.py FILE SITE_PACKAGES MODELS`.

Python packages with their licences, Debian packages, and the weights. https://cyclonedx.org/
"""

import hashlib
import platform
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path

from cyclonedx.contrib.hash.factories import HashTypeFactory
from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

LICENCES = LicenseFactory()
LONGEST_NAME = 100
"""What is longer is a licence's whole text, written where its name belongs."""


def main(file: Path, site_packages: Path, models: Path) -> None:
    """One component for each package and each weight file."""
    bom = Bom()
    bom.metadata.component = Component(name="vanish", type=ComponentType.CONTAINER)
    packages = list(_python(site_packages))
    if not packages:
        sys.exit(f"There is no Python package in {site_packages}")
    for component in (_interpreter(), *packages, *_debian(), *_weights(models)):
        bom.components.add(component)
        bom.register_dependency(bom.metadata.component, [component])
    written = make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6)
    file.write_text(written.output_as_string(indent=1))
    print(f"{len(bom.components)} components are in {file}")


def _interpreter() -> Component:
    """Python itself, which the base has from no package of Debian's."""
    version = platform.python_version()
    return Component(
        name="python",
        version=version,
        type=ComponentType.PLATFORM,
        purl=PackageURL("generic", name="python", version=version),
        licenses=[LICENCES.make_from_string("PSF-2.0")],
    )


def _python(site_packages: Path) -> Iterator[Component]:
    for found in distributions(path=[str(site_packages)]):
        name = found.metadata["Name"]
        licence = _licence(found)
        yield Component(
            name=name,
            version=found.version,
            type=ComponentType.LIBRARY,
            purl=PackageURL("pypi", name=name.lower().replace("_", "-"), version=found.version),
            licenses=[LICENCES.make_from_string(licence)] if licence else (),
        )


def _licence(found: Distribution) -> str:
    """As the package states it: an SPDX expression, or a name, or its classifiers'."""
    stated = found.metadata.get("License-Expression") or found.metadata.get("License") or ""
    if stated and "\n" not in stated and len(stated) <= LONGEST_NAME:
        return stated
    classifiers = found.metadata.get_all("Classifier") or []
    licences = (line.rpartition(" :: ")[2] for line in classifiers if line.startswith("License"))
    return " AND ".join(licences)


def _debian() -> Iterator[Component]:
    """The packages of the system that this runs on."""
    template = "${Package} ${Version} ${Architecture}\\n"
    listed = subprocess.run(
        ["/usr/bin/dpkg-query", "--show", f"--showformat={template}"],
        capture_output=True,
        text=True,
        check=True,
    )
    for line in listed.stdout.splitlines():
        name, version, architecture = line.split(" ")
        yield Component(
            name=name,
            version=version,
            type=ComponentType.LIBRARY,
            purl=PackageURL("deb", "debian", name, version, {"arch": architecture}),
        )


def _weights(models: Path) -> Iterator[Component]:
    for path in sorted(models.iterdir()):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        yield Component(
            name=path.name,
            type=ComponentType.MACHINE_LEARNING_MODEL,
            hashes=[HashTypeFactory().from_hashlib_alg("sha256", digest)],
        )


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
