"""Every sabotage of the synthesized production environment is found by the rule that is there for it.

The rules run in this process, on each sabotaged document by itself; that checkov runs them alike is tested with their
cases. A sabotage that no rule finds is a missing rule.
"""

from __future__ import annotations

import copy
import importlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from policies.library.rule import BrokenFinding, UnknownFinding
from tests.support.helpers import ROOT
from tests.support.mutation import Mutation
from tests.support.rules import RULES, read

ENVIRONMENT = "prod"


def all_mutations() -> Iterator[Mutation]:
    """The mutations of every file in `mutations`, in the order of the files."""
    for path in sorted((ROOT / "tests/support/mutations").glob("*.py")):
        yield from importlib.import_module(f"tests.support.mutations.{path.stem}").MUTATIONS


MUTATIONS = tuple(all_mutations())


@pytest.mark.parametrize("environment", ["dev", "staging", "prod"])
def test_nothing_is_found_before(environment: str, synthesized: Mapping[str, Any], tmp_path: Path) -> None:
    configuration = read(synthesized[environment], tmp_path)
    found = [
        (rule.id, resource.construct_path, findings)
        for rule in RULES.values()
        for resource, findings in rule.judge(configuration)
        if findings and rule.id not in resource.suppressions
    ]
    assert found == []


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: f"{mutation.rule}-{mutation.name}")
def test_mutation_is_found(mutation: Mutation, synthesized: Mapping[str, Any], tmp_path: Path) -> None:
    document = copy.deepcopy(synthesized[ENVIRONMENT])
    mutation.edit(document)
    assert document != synthesized[ENVIRONMENT]
    found = {
        resource.construct_path: findings
        for resource, findings in RULES[mutation.rule].judge(read(document, tmp_path))
        if findings and mutation.rule not in resource.suppressions
    }
    assert f"{ENVIRONMENT}/{mutation.path}" in found, found
    said = found[f"{ENVIRONMENT}/{mutation.path}"]
    assert not any(isinstance(each, UnknownFinding | BrokenFinding) for each in said), said


def test_mutations_are_told_apart() -> None:
    names = [mutation.name for mutation in MUTATIONS]
    assert sorted(set(names)) == sorted(names)
