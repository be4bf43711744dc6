"""Every type of the provider that can be opened is judged by a rule, or reviewed.

What can open a type is told by the names of its arguments, in the installed bindings: those are generated from the
provider's schema. A new version of the bindings with a new type of a kind fails here until the type is judged, or
stands in reviewed_types.yaml with the reason why it need not be. What has a part in networks is in
reachability/test_network_types.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.support.provider_types import arguments
from tests.support.rules import RULES

REVIEWED = Path(__file__).with_name("reviewed_types.yaml")

KINDS: Mapping[str, str] = {
    "policy": (
        r"(access_|resource_|repository_|assume_role_|inline_|delivery_destination_)?polic(y|ies)|policy_document"
    ),
    "public": (
        r".*(public(?!_key|_ip|_signing|_cert|ish_|_addr|ly_adv)|unauthenticated|anonymous|internet_access"
        r"|network_access_type|webserver_access_mode|shared_accounts).*"
        r"|allowed_principals?|principal_arn|authorization|authorization_type|launch_permission"
    ),
    "tls": (
        r".*(transit_encryption|in_transit|enforce_https|https_policy|protocol_policy|plaintext_|insecure|require_tls"
        r"|tls_enabled|tls_policy|ssl_mode|disable_ssl|security_protocol|cluster_endpoint_encryption).*"
        r"|.*ssl_policy|security_policy|tls_security_policy|protocols?|lb_protocol|minimum_protocol_version"
    ),
    "encryption": r".*encrypt(?!_algo|ion_context|ed_pass|ion_alg).*",
}
"""What can be opened, and the names of the arguments that do it."""

RULES_ABOUT: Mapping[str, frozenset[int]] = {
    "policy": frozenset({*range(110, 120), 161, 218, 220, 222, 223}),
    "public": frozenset({114, 118, 119, 126, 202, 204, 207, 216, 217, 218, 229, 230, *range(235, 240)}),
    "tls": frozenset({*range(101, 138), 139, 207, 208}),
    "encryption": frozenset({125, 127, 139, *range(141, 161)}),
}
"""The rules, by the end of their id, that judge what can be opened."""


def types_of(kind: str) -> set[str]:
    """The types with an argument of a kind."""
    pattern = re.compile(KINDS[kind])
    return {type_ for type_, names in arguments().items() if any(map(pattern.fullmatch, names))}


def judged(kind: str) -> set[str]:
    """The types that rules of a kind are called for."""
    return {type_ for number in RULES_ABOUT[kind] for type_ in _applies_to(number)}


def _applies_to(number: int) -> tuple[str, ...]:
    rule = RULES.get(f"CKV2_MEALS_{number}")
    return rule.applies_to if rule else ()


@lru_cache(maxsize=1)
def entries() -> Mapping[str, list[dict[str, Any]]]:
    """What reviewed_types.yaml says."""
    return YAML(typ="safe").load(REVIEWED)  # type: ignore[no-any-return]


def reviewed(kind: str) -> list[str]:
    """The types of a kind that need no rule."""
    return [type_ for entry in entries()[kind] for type_ in entry["types"]]


@pytest.mark.parametrize("kind", KINDS)
def test_every_type_is_judged_or_reviewed(kind: str) -> None:
    assert sorted(types_of(kind) - judged(kind) - set(reviewed(kind))) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_review_is_needed_and_has_a_reason(kind: str) -> None:
    assert all(len(entry["reason"].split()) > 3 for entry in entries()[kind])
    listed = reviewed(kind)
    assert sorted(listed) == sorted(set(listed))
    by_rules = {type_ for number in RULES_ABOUT[kind] for type_ in _applies_to(number)}
    of_later_versions = set(listed) - arguments().keys()
    assert sorted((set(listed) & by_rules) | (set(listed) - types_of(kind) - of_later_versions)) == []


def test_the_bindings_are_read() -> None:
    assert len(arguments()) > 1500
    assert "policy" in arguments()["aws_sqs_queue_policy"]
    assert "encrypted" in arguments()["aws_launch_template"]
