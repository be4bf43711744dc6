"""Every loosening of a statement of prod's policies is seen by a claim or a rule, or reviewed.

What is generated is in tests/support/access_loosening.py. One that nothing sees stands in loosenings.yaml with the
reason why it lets nobody more in, or why that is right.
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from policies.library.joined import joined
from tests.support.access_loosening import (
    AccessLoosening,
    Loosened,
    is_found_by_builtins,
    is_found_by_rules,
    loosened,
)
from tests.support.helpers import Document
from tests.support.rules import RULES, read

REVIEWED = Path(__file__).with_name("loosenings.yaml")
DOCUMENT_RULES = tuple(rule for id_, rule in RULES.items() if id_ < "CKV2_MEALS_300")
"""The rules that are not about the network or about claims."""


@lru_cache(maxsize=1)
def entries() -> list[Mapping[str, Any]]:
    """What loosenings.yaml says."""
    return YAML(typ="safe").load(REVIEWED)  # type: ignore[no-any-return]


def is_reviewed(loosening: AccessLoosening) -> bool:
    """Whether loosenings.yaml has it."""
    return any(fnmatchcase(loosening.name, each) for entry in entries() for each in entry["loosenings"])


@pytest.fixture(scope="module")
def found(synthesized: Document, synthesized_bootstrap: Document, tmp_path_factory: pytest.TempPathFactory) -> Loosened:
    """The loosenings of both stacks of prod."""
    documents = (synthesized["prod"], synthesized_bootstrap["prod"])
    return loosened(joined([read(each, tmp_path_factory.mktemp("stack")) for each in documents]))


@pytest.fixture(scope="module")
def unseen(found: Loosened) -> list[AccessLoosening]:
    """What no claim and no rule sees."""
    return [
        each
        for number, each in enumerate(found.all)
        if number not in found.broken
        and not is_found_by_rules(found.configuration, each, DOCUMENT_RULES)
        and not is_found_by_builtins(each)
    ]


def test_every_loosening_is_seen_or_reviewed(unseen: list[AccessLoosening]) -> None:
    assert [each.name for each in unseen if not is_reviewed(each)] == []


def test_a_review_is_needed_and_has_a_reason(unseen: list[AccessLoosening]) -> None:
    assert all(len(entry["reason"].split()) > 5 for entry in entries())
    patterns = [each for entry in entries() for each in entry["loosenings"]]
    assert [each for each in patterns if not any(fnmatchcase(one.name, each) for one in unseen)] == []


def test_claims_see_most_of_what_data_depends_on(found: Loosened) -> None:
    assert len(found.all) > 500
    broken = {found.all[number].name.partition("/")[2]: claim for number, claim in found.broken.items()}
    seen = {
        "event-store/table/policy DenyOutsideVpcEndpoint: without it": 401,
        "delivery/identity-policy DenyChangingDelivery: without it": 406,
        "delivery/identity-policy ChangeRolesWithinBoundary: without StringEquals iam:PermissionsBoundary": 406,
        "servers/core-server/instance-profile/policy SubscribeCustomers: without StringEquals sns:Protocol": 409,
    }
    assert {name: broken.get(name) for name in seen} == {name: f"CKV2_MEALS_{rule}" for name, rule in seen.items()}
