"""The bill of materials as a CycloneDX document: the same locks give the same bytes."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Sequence

from cyclonedx.factory.license import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from cli.core.base.project import PACKAGE, version
from cli.core.sbom.locked import LockedPackage, needed, requirements


def bill_of_materials(packages: Sequence[LockedPackage]) -> str:
    """The document of ``packages``.

    A component has a digest where an index has one file of it. What the tests alone need is `excluded`. There is no
    time in it, and its serial number is that of its content.
    """
    direct = set(needed(requirements()))
    bom = Bom()
    itself = Component(name=PACKAGE, version=version(), type=ComponentType.APPLICATION, bom_ref=PACKAGE)
    bom.metadata.component = itself
    components = {(each.ecosystem, each.name, each.version): _component(each) for each in packages}
    bom.components.update(components.values())
    for each in packages:
        wanted = [
            component for key, component in components.items() if key[0] == each.ecosystem and key[1] in each.requires
        ]
        bom.register_dependency(components[each.ecosystem, each.name, each.version], wanted)
    bom.register_dependency(itself, [component for key, component in components.items() if key[1] in direct])
    content = repr((version(), sorted(packages))).encode()
    document = json.loads(JsonV1Dot6(bom).output_as_string())
    document["serialNumber"] = uuid.UUID(bytes=hashlib.sha256(content).digest()[:16], version=4).urn
    del document["metadata"]["timestamp"]
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _component(package: LockedPackage) -> Component:
    group, _, name = package.name.rpartition("/")
    url = PackageURL(package.ecosystem, group or None, name, package.version)
    licences = [LicenseFactory().make_from_string(package.licence)] if package.licence else []
    algorithm = HashAlgorithm(package.algorithm)
    hashes = [HashType(alg=algorithm, content=package.digests[0])] if len(package.digests) == 1 else []
    return Component(
        name=name,
        group=group or None,
        version=package.version,
        type=ComponentType.LIBRARY,
        purl=url,
        bom_ref=url.to_string(),
        licenses=licences,
        hashes=hashes,
        scope=ComponentScope.REQUIRED if package.is_shipped else ComponentScope.EXCLUDED,
    )
