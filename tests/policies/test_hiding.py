"""What is hidden is never taken for what is not there: a part of a configuration that is hidden makes no rule pass.

Each part of each rule's failing cases is hidden in turn, see `tests.support.hidden_parts`. A rule may then find less,
and must say that it does not know.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from policies.access.claims.models import claims
from policies.access.claims.system import stacks_of
from policies.library.model import Configuration
from policies.library.rule import FindingKind, Rule
from policies.library.terraform.files import read_directory
from policies.library.terraform.load import configuration_of
from policies.library.terraform.module import World
from tests.support.harness import Case, cases
from tests.support.hidden_parts import IN_A_MODULE, LOOKED_UP, Hidden, ways_to_hide
from tests.support.rules import RULES

_NAMES = re.compile("private|intra|public|event.store")
"""Names by which rules know whom they are about: who has another one is none of them."""
_ABOUT_ACCESS = re.compile(r"CKV2_MEALS_4\d\d")
"""Rules about the parts of this system. A part that is looked up is none, which is a rule of its own; Terraform without
any part is not judged."""
_PARTS = "CKV2_MEALS_410"
_ABOUT_PATHS = re.compile(r"CKV2_MEALS_3\d\d")
"""Rules that ask who reaches whom, which has tests of its own."""


def _kinds(rule: Rule, configuration: Configuration) -> Mapping[str, set[FindingKind]]:
    """The kinds of findings of each resource that a rule judges."""
    return {resource.address: {each.kind for each in findings} for resource, findings in rule.judge(configuration)}


def _passes_by_hiding(rule: Rule, before: Mapping[str, set[FindingKind]], hidden: Hidden) -> list[str]:
    """The resources that pass now, and did not before; unless the rule asks at the resource that hides something."""
    after = _kinds(rule, hidden.configuration())
    assert FindingKind.BROKEN not in set().union(*after.values()), (hidden.part, hidden.address)
    if hidden.address and any(kinds and address.startswith(hidden.address) for address, kinds in after.items()):
        return []
    return [address for address, kinds in before.items() if kinds and address in after and not after[address]]


@pytest.mark.parametrize(
    "case",
    [each for each in cases() if each.name == "failing" and not _ABOUT_PATHS.fullmatch(each.rule)],
    ids=lambda case: case.rule,
)
def test_hiding_a_part_makes_nothing_pass(case: Case, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(case.path.read_text())
    directory, rule = read_directory(tmp_path), RULES[case.rule]
    before = _kinds(rule, configuration_of(World(directory)))
    for way in ways_to_hide(directory):
        hidden = way()
        if hidden.part == IN_A_MODULE:
            assert hidden.configuration().gaps  # which the gate names, so that nothing passes
        elif _ABOUT_ACCESS.fullmatch(case.rule) and hidden.part == LOOKED_UP:
            is_judged = bool(stacks_of(hidden.configuration(), claims()))
            assert not is_judged or any(_kinds(RULES[_PARTS], hidden.configuration()).values()), hidden.address
        elif not _NAMES.search(hidden.part):
            assert not _passes_by_hiding(rule, before, hidden), (hidden.part, hidden.address)
