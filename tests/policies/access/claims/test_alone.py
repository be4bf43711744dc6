"""A claim says alone what it says among all: what else is asked about decides nothing of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policies.access.claims.judge import AccessViolation, violations
from policies.access.claims.models import AccessClaims, claims
from policies.access.claims.rules import judged_here
from policies.access.claims.system import AccessSystem
from policies.access.model import AccessModel, Caller, Policy
from policies.access.read import read as read_access
from policies.access.read.callers import callers
from policies.library.joined import joined
from policies.library.model import Configuration
from policies.reachability.read import read as read_network
from tests.support.access_loosening import loosenings
from tests.support.helpers import Document
from tests.support.rules import read


@pytest.fixture(scope="module")
def configuration(
    synthesized: Document, synthesized_bootstrap: Document, tmp_path_factory: pytest.TempPathFactory
) -> Configuration:
    """Both stacks of prod."""
    documents = (synthesized["prod"], synthesized_bootstrap["prod"])
    return joined([read(each, tmp_path_factory.mktemp("stack")) for each in documents])


@pytest.fixture(scope="module")
def everybody(configuration: Configuration) -> tuple[AccessModel, tuple[Caller, ...]]:
    """Who may do what, with policies of things that let in everybody and deny nothing."""
    model = judged_here(read_access(configuration))
    things = {key: replace(each, policies=tuple(map(_loosened, each.policies))) for key, each in model.things.items()}
    return replace(model, things=things), tuple(callers(model, read_network(configuration)))


def _loosened(policy: Policy) -> Policy:
    for each in loosenings(policy):
        if each.change in ("every principal", "without it"):
            policy = each.applied(policy)
    return policy


def test_claims_say_alone_what_they_say_among_all(
    configuration: Configuration, everybody: tuple[AccessModel, tuple[Caller, ...]]
) -> None:
    def judged(known: AccessClaims) -> dict[str, list[AccessViolation]]:
        system = AccessSystem.of(known, configuration, *everybody)
        return {name: found for name, each in known.claims.items() if (found := list(violations(system, each)))}

    together = judged(claims())
    assert len(together) > 3
    for name in claims().claims:
        assert judged(claims().only([name])) == {each: together[each] for each in together if each == name}
