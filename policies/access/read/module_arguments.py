"""What modules are given whose source is not here: they may attach a policy to it, so one may be there.

A module that is given a resource, its ARN or its name may write the policy of it; one that is given a role, a user, a
group or an instance profile may attach policies to it. What it is not given it is taken to leave alone, which every
"no" says.
"""

from __future__ import annotations

from collections.abc import Iterator

from policies.access.model import Origin, Policy, PolicyKind
from policies.access.read.statements import anything
from policies.access.read.texts import ValueTexts
from policies.access.text import is_determined
from policies.library.model import Resource
from policies.reachability.network import Assumption
from policies.reachability.read.reading import Reading, in_blocks


class ModuleArguments:
    """Which resources are given to modules that are not here."""

    def __init__(self, reading: Reading, texts: ValueTexts) -> None:
        self._texts = texts
        self._by_reference: dict[str, list[str]] = {}
        self._by_text: dict[str, list[str]] = {}
        for gap in reading.configuration.gaps:
            for resource in reading.given(gap):
                self._by_reference.setdefault(resource.address, []).append(gap.where)
            for text in texts.texts(in_blocks(gap.arguments)):
                if text and is_determined(text):
                    self._by_text.setdefault(text, []).append(gap.where)

    def policies(self, resource: Resource, kind: PolicyKind) -> Iterator[Policy]:
        """A policy that allows everything for each module that is given a resource."""
        for where in dict.fromkeys(self._modules(resource)):
            reason = Assumption(f"{where} is given it and is not here: as if it allowed everything", resource)
            yield anything(kind, where, Origin(None, where), reason, resource)

    def _modules(self, resource: Resource) -> Iterator[str]:
        yield from self._by_reference.get(resource.address, ())
        if self._by_text:
            for name in self._texts.names(resource):
                yield from self._by_text.get(name, ())
