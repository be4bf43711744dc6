"""The bill of materials."""

from __future__ import annotations

import json
from dataclasses import replace

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from cli.core.sbom.document import bill_of_materials
from cli.core.sbom.locked import LockedPackage, packages

A = LockedPackage(
    ecosystem="pypi", name="click", version="8.2.0", algorithm="SHA-256", digests=("a" * 64,), licence="BSD-3-Clause"
)
B = replace(
    A,
    ecosystem="npm",
    name="@scope/b",
    version="2.0.0",
    algorithm="SHA-512",
    digests=("b" * 128,),
    licence="MIT OR Apache-2.0",
    is_shipped=False,
)
C = replace(A, name="c", version="3.0.0", digests=("c" * 64, "d" * 64), licence=None, requires=("click",))


def test_a_component_says_what_is_known_of_it() -> None:
    document = json.loads(bill_of_materials((A, B, C)))
    components = {each["bom-ref"]: each for each in document["components"]}
    assert components["pkg:pypi/click@8.2.0"]["hashes"] == [{"alg": "SHA-256", "content": "a" * 64}]
    assert components["pkg:npm/%40scope/b@2.0.0"] == {
        "bom-ref": "pkg:npm/%40scope/b@2.0.0",
        "group": "@scope",
        "hashes": [{"alg": "SHA-512", "content": "b" * 128}],
        "licenses": [{"expression": "MIT OR Apache-2.0"}],
        "name": "b",
        "purl": "pkg:npm/%40scope/b@2.0.0",
        "scope": "excluded",
        "type": "library",
        "version": "2.0.0",
    }
    assert components["pkg:pypi/c@3.0.0"].keys().isdisjoint({"licenses", "hashes"})
    needs = {each["ref"]: each.get("dependsOn", []) for each in document["dependencies"]}
    assert needs["pkg:pypi/c@3.0.0"] == ["pkg:pypi/click@8.2.0"]
    assert needs["infrastructure-toolkit"] == ["pkg:pypi/click@8.2.0"]


def test_the_same_locks_give_the_same_bytes() -> None:
    assert bill_of_materials((A, B)) == bill_of_materials((B, A))
    assert bill_of_materials((A, B)) != bill_of_materials((replace(A, version="8.2.1"), B))


def test_the_document_of_our_locks_is_valid() -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(bill_of_materials(packages())) is None
