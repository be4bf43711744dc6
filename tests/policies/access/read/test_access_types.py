"""Every type of the provider that says who may use something is read, named as not read, or reviewed.

What can say it is told by the names of the arguments, in the installed bindings: those are generated from the
provider's schema. A new version of the bindings with a new such type fails here until the type is read, is named in
policies/access/read/unread.py, or stands in access_types.yaml with the reason why it decides nothing. Of types that
name a role code may run as it unless AWS alone does, so that no list of these can be too short.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from policies.access.read.attached import OF_CALLERS
from policies.access.read.resource_policies import WRITERS
from policies.access.read.thing_types import THING_TYPES, USED_BY_AWS
from policies.access.read.unread import LETS_IN, LETS_IN_BY, NO_ACCESS, POLICIES, is_named
from tests.support.provider_types import arguments

REVIEWED = Path(__file__).with_name("access_types.yaml")

KINDS: Mapping[str, str] = {
    "policy": r".*polic(y|ies)(_json|_body|_document|_text|_details?)?|.*policy_document",
    "principal": r".*principals?(_arns?|_ids?)?|grantee.*|grants?|acl|access_control_policy"
    r"|.*(allowed|shared|trusted|consumer|source|target|member)_accounts?(_ids?|_id)?|.*permissions?|account_access.*"
    r"|authorization(_type)?",
}
"""What says who may use something, and the names of the arguments that say it."""

READ = frozenset(
    {*THING_TYPES, *WRITERS, *OF_CALLERS, "aws_s3_bucket_acl", "aws_vpc_endpoint", "aws_vpc_endpoint_policy"}
)


def with_kind(kind: str) -> set[str]:
    """The types with an argument that may say who may use something."""
    pattern = re.compile(KINDS[kind])
    return {type_ for type_, names in arguments().items() if any(map(pattern.fullmatch, names))}


def named() -> set[str]:
    """The types that are named as not read, or whose policy is not about access."""
    generic = {type_ for type_, names in arguments().items() if is_named(type_, READ) and names & {*POLICIES}}
    return generic | LETS_IN | LETS_IN_BY.keys() | NO_ACCESS


@lru_cache(maxsize=1)
def entries() -> list[Mapping[str, Any]]:
    """What access_types.yaml says."""
    return YAML(typ="safe").load(REVIEWED)  # type: ignore[no-any-return]


def reviewed() -> list[str]:
    """The types that decide nothing."""
    return [type_ for entry in entries() for type_ in entry["types"]]


@pytest.mark.parametrize("kind", KINDS)
def test_every_type_is_read_named_or_reviewed(kind: str) -> None:
    assert sorted(with_kind(kind) - READ - named() - set(reviewed())) == []


def test_a_review_is_needed_and_has_a_reason() -> None:
    assert all(len(entry["reason"].split()) > 3 for entry in entries())
    assert sorted(reviewed()) == sorted(set(reviewed()))
    needed = {type_ for kind in KINDS for type_ in with_kind(kind)}
    assert sorted(set(reviewed()) - needed) == []
    assert sorted(set(reviewed()) & (READ | named())) == []


def test_arguments_that_let_somebody_in_are_of_their_types() -> None:
    assert [type_ for type_, names in LETS_IN_BY.items() if not {*names} <= arguments()[type_]] == []


def test_what_is_listed_is_of_the_provider() -> None:
    assert sorted((READ | LETS_IN | LETS_IN_BY.keys() | NO_ACCESS | USED_BY_AWS) - arguments().keys()) == []
