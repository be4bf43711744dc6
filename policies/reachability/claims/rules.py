"""What the rules of the claims share: a rule asks once for each resource, and all claims are judged on one network.

Terraform that has no part of this toolkit is not judged: the claims are about this system. In a stack that has one, the
claims are judged on what is there, and `incomplete` says what is missing.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from weakref import WeakKeyDictionary

from policies.library.model import Configuration, Resource
from policies.library.rule import AbsentFinding, Finding
from policies.reachability.claims.judge import Violation, violations
from policies.reachability.claims.models import Claims
from policies.reachability.claims.system import Missing, System, is_of_this_toolkit
from policies.reachability.network import Node
from policies.reachability.placement import end as end_of
from policies.reachability.read import read

SUBJECTS = (
    "aws_vpc",
    "aws_autoscaling_group",
    "aws_instance",
    "aws_lb",
    "aws_mq_broker",
    "aws_msk_cluster",
    "aws_mskconnect_connector",
    "aws_pipes_pipe",
    "aws_vpc_endpoint",
)
"""The types that rules are called for, when a claim is about everything. A rule that is called for fewer reports what
it finds at others at the first of its types, which is therefore always the VPC."""


def broken(claim: str, types: Sequence[str], subject: Resource, configuration: Configuration) -> Iterator[Finding]:
    """What is not as a claim says, of what is reported at `subject` by a rule that is called for some types."""
    judged = _judged(configuration)
    if judged is not None:
        yield from judged.reported(judged.of(claim), types, subject)


def incomplete(types: Sequence[str], subject: Resource, configuration: Configuration) -> Iterator[Finding]:
    """Parts that claims speak of and that are not there or elsewhere, and interfaces that no claim speaks of."""
    judged = _judged(configuration)
    if judged is not None:
        yield from judged.reported(judged.incomplete, types, subject)


class _Judged:
    """A configuration of this toolkit, with what was found in it."""

    def __init__(self, known: Claims, configuration: Configuration) -> None:
        self.system = System(known, configuration, read(configuration))
        self._lock = threading.Lock()
        self._found: dict[str, tuple[Violation, ...]] = {}

    def of(self, claim: str) -> tuple[Violation, ...]:
        """Everything that is not as a claim says."""
        with self._lock:
            if claim not in self._found:
                self._found[claim] = tuple(self._violations(claim))
            return self._found[claim]

    @cached_property
    def incomplete(self) -> tuple[Violation, ...]:
        """Everything that is missing, in the wrong subnets, or none of the parts."""
        parts = "every part under parts: and outside: in policies/claims.yaml; if a part moved, correct the claims"
        known = "interfaces and ways out that are a part under parts: or outside: in policies/claims.yaml"
        problems = [Violation("", text, parts, absent=name) for name, text in self.system.missing()]
        for node, subnets in self.system.misplaced():
            where = ", ".join(subnet.name for subnet in node.subnets)
            problems.append(
                Violation(node.resource.address, f"{node.name} has interfaces in {where}", f"{subnets} subnets only")
            )
        for key in self.system.unknown():
            end = end_of(self.system.network, key)
            address = end.resource.address if isinstance(end, Node) else ""
            problems.append(Violation(address, f"{end.name} is not a part in the claims", known))
        return tuple(problems)

    def reported(self, found: Iterable[Violation], types: Sequence[str], subject: Resource) -> Iterator[Finding]:
        """What is reported at a resource by a rule that is called for some types."""
        resources = self.system.configuration.resources
        first = self.system.configuration.of_type(*types)[0]
        for each in found:
            there = resources.get(each.subject)
            if (there if there is not None and there.type in types else first) is subject:
                yield (
                    AbsentFinding(each.found, each.allowed, part=each.absent)
                    if each.absent
                    else Finding(each.found, each.allowed)
                )

    def _violations(self, claim: str) -> Iterator[Violation]:
        try:
            yield from violations(self.system, self.system.claims.claims[claim])
        except Missing as missing:
            allowed = "a port that the configuration determines"
            yield Violation("", str(missing), allowed, absent=missing.absent)


_lock = threading.Lock()
_known: WeakKeyDictionary[Configuration, _Judged | None] = WeakKeyDictionary()


def _judged(configuration: Configuration) -> _Judged | None:
    """None for a configuration that is not of this toolkit."""
    from policies.reachability.claims.load import claims  # here, so that what it needs and lacks fails each resource

    with _lock:
        if configuration not in _known:
            is_own = is_of_this_toolkit(configuration, claims())
            _known[configuration] = _Judged(claims(), configuration) if is_own else None
        return _known[configuration]
