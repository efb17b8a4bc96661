"""`python sbom.py FILE SITE_PACKAGES MODELS` writes the image's software bill of materials.

It lists Python packages with licences, Debian packages and weights, as CycloneDX:
https://cyclonedx.org/
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
"""A longer text in the field for the name is the whole licence."""


def main(file: Path, site_packages: Path, models: Path) -> None:
    """Write one component for each package and each file of weights."""
    bom = Bom()
    bom.metadata.component = Component(name="vanish", type=ComponentType.CONTAINER)
    packages = list(_list_python_packages(site_packages))
    if not packages:
        sys.exit(f"There is no Python package in {site_packages}")
    for component in (
        _describe_interpreter(),
        *packages,
        *_list_debian_packages(),
        *_list_weights(models),
    ):
        bom.components.add(component)
        bom.register_dependency(bom.metadata.component, [component])
    writer = make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6)
    file.write_text(writer.output_as_string(indent=1))
    print(f"{len(bom.components)} components are in {file}")


def _describe_interpreter() -> Component:
    """Return Python itself, which is no Debian package in the base image."""
    version = platform.python_version()
    return Component(
        name="python",
        version=version,
        type=ComponentType.PLATFORM,
        purl=PackageURL("generic", name="python", version=version),
        licenses=[LICENCES.make_from_string("PSF-2.0")],
    )


def _list_python_packages(site_packages: Path) -> Iterator[Component]:
    for package in distributions(path=[str(site_packages)]):
        name = package.metadata["Name"]
        licence = _find_licence(package)
        yield Component(
            name=name,
            version=package.version,
            type=ComponentType.LIBRARY,
            purl=PackageURL("pypi", name=name.lower().replace("_", "-"), version=package.version),
            licenses=[LICENCES.make_from_string(licence)] if licence else (),
        )


def _find_licence(package: Distribution) -> str:
    """Return the licence in the package's metadata: SPDX expression, name or classifiers."""
    licence = package.metadata.get("License-Expression") or package.metadata.get("License") or ""
    if licence and "\n" not in licence and len(licence) <= LONGEST_NAME:
        return licence
    classifiers = package.metadata.get_all("Classifier") or []
    licences = (line.rpartition(" :: ")[2] for line in classifiers if line.startswith("License"))
    return " AND ".join(licences)


def _list_debian_packages() -> Iterator[Component]:
    """Yield the installed Debian packages."""
    template = "${Package} ${Version} ${Architecture}\\n"
    result = subprocess.run(
        ["/usr/bin/dpkg-query", "--show", f"--showformat={template}"],
        capture_output=True,
        text=True,
        check=True,
    )
    for line in result.stdout.splitlines():
        name, version, architecture = line.split(" ")
        yield Component(
            name=name,
            version=version,
            type=ComponentType.LIBRARY,
            purl=PackageURL("deb", "debian", name, version, {"arch": architecture}),
        )


def _list_weights(models: Path) -> Iterator[Component]:
    for path in sorted(models.iterdir()):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        yield Component(
            name=path.name,
            type=ComponentType.MACHINE_LEARNING_MODEL,
            hashes=[HashTypeFactory().from_hashlib_alg("sha256", digest)],
        )


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
