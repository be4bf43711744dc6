"""A plan compared with what the source of a release has seen: what is unexplained, and what is expected to differ.

Two environments differ by their own identity and size. So the target is synthesized twice, with its own identity and
size and with those of the source (`envs.ownership`). What only one of the two has comes from these settings, since
nothing else differs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from cli.core.base.addresses import declared
from cli.core.base.digests import json_digest, short_id
from cli.core.base.errors import ExitCode, exit_code
from cli.core.diff.configuration import differences
from cli.core.diff.sides import WorkingTreeSide
from cli.core.plans.model import Kind
from cli.core.promotion.actions import ResourceAction, ResourceActions
from envs.ownership import Owner, owner, values, with_own_values
from envs.settings import Settings

_INDEX = re.compile(r"\[\d+\]")


@dataclass(frozen=True)
class ExpectedDifferences:
    """What differs by size and identity. The empty one explains nothing."""

    target_only: frozenset[str] = frozenset()
    """Addresses that exist only with the target's sizes."""
    source_only: frozenset[str] = frozenset()
    """Addresses that exist only with the source's sizes."""
    attributes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By address, paths without indexes of attributes that are such a setting and nothing else."""
    problem: str = ""
    """Why nothing can be explained."""

    def explains(self, address: str, planned: ResourceAction | None, seen: ResourceAction | None) -> bool:
        """Whether two actions differ for this reason alone. Destructions and replacements never do."""
        address = declared(address)
        harmless = (Kind.CREATE, Kind.UPDATE)
        if seen is None and planned is not None and planned.kind in harmless and address in self.target_only:
            return True
        if planned is None and seen is not None and seen.kind in harmless and address in self.source_only:
            return True
        are_updates = all(
            action is None or (action.kind is Kind.UPDATE and not action.came_from) for action in (planned, seen)
        )
        return are_updates and self._rest(address, planned) == self._rest(address, seen)

    def _rest(self, address: str, action: ResourceAction | None) -> frozenset[str]:
        """The attributes of an update that are more than such a setting."""
        own = self.attributes.get(address, frozenset())
        changed = action.attributes or () if action else ()
        return frozenset(path for path in changed if _INDEX.sub("", path) not in own)


def expected_between(target: Settings, document: Mapping[str, Any], source: Settings) -> ExpectedDifferences:
    """The expected differences of two environments; ``document`` is the target's Terraform. Synthesizes the target
    with the source's identity and size."""
    name = target.environment
    target_values, source_values = target.model_dump(mode="json"), source.model_dump(mode="json")
    try:
        as_source = WorkingTreeSide(name, name).synthesized(with_own_values(target_values, source_values))
    except Exception as error:
        if exit_code(error) not in (ExitCode.USAGE, ExitCode.SYNTHESIS):
            raise
        return ExpectedDifferences(problem=str(error))
    return expected_differences(document, as_source["environment"], target_values, source_values)


def expected_differences(
    own: Mapping[str, Any],
    as_source: Mapping[str, Any],
    settings: Mapping[str, Any],
    source_settings: Mapping[str, Any],
) -> ExpectedDifferences:
    """The difference of two syntheses of the target: with its own identity and size, and with those of the source.

    Settings are dumps of models. An attribute counts only if both values are those of one setting, word for word: a
    value that is composed of a setting and something else may differ for another reason too.
    """
    own_values = set(_differing_values(settings, source_settings))
    target_only, source_only, attributes = set(), set(), {}
    for difference in differences("environment", as_source, own):
        if difference.change == "added":
            target_only.add(difference.address)
        elif difference.change == "removed":
            source_only.add(difference.address)
        else:
            paths = {_INDEX.sub("", attribute.path) for attribute in difference.attributes}
            composed = {
                _INDEX.sub("", attribute.path)
                for attribute in difference.attributes
                if (_text(attribute.before), _text(attribute.after)) not in own_values
            }
            attributes[difference.address] = frozenset(paths - composed)
    return ExpectedDifferences(frozenset(target_only), frozenset(source_only), attributes)


def _differing_values(settings: Mapping[str, Any], source_settings: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every setting of identity or size that differs: the source's value and the target's."""
    target, source = values(settings), values(source_settings)
    for path in target.keys() & source.keys():
        if owner(path) in (Owner.IDENTITY, Owner.SIZE) and target[path] != source[path]:
            yield _text(source[path]), _text(target[path])


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


@dataclass(frozen=True)
class UnexplainedChange:
    """A resource that the plan changes in another way than the source has seen."""

    address: str
    construct_path: str
    planned: str
    """The change of the plan, such as `update: ami, user_data`; empty for none."""
    seen: str
    """The change that the source has seen; of a rollback, the change that undoes what was applied since."""


@dataclass(frozen=True)
class Comparison:
    """A plan compared with what the source has seen."""

    unexplained: tuple[UnexplainedChange, ...]
    """By address."""
    explained: int = 0
    """The number of resources that differ only by size and identity of the two environments."""
    problem: str = ""
    """Why no difference could be explained."""

    @property
    def id(self) -> str:
        """Identifies these unexplained changes, so that an acknowledgement holds for no others; empty without any."""
        changes = [asdict(change) for change in self.unexplained]
        return short_id(json_digest(changes)) if changes else ""


def compare(planned: ResourceActions, seen: ResourceActions, expected: ExpectedDifferences | None = None) -> Comparison:
    """Compare a plan with what the source has seen; ``expected`` are the differences that are none.

    Resources have the same addresses in all environments. Creations and destructions are compared as such; of updates
    the attributes count and not their values, which differ between environments.
    """
    expected = expected or ExpectedDifferences()
    unexplained, explained = [], 0
    for address in sorted(planned.keys() | seen.keys()):
        here, there = planned.get(address), seen.get(address)
        texts = [str(action) if action else "" for action in (here, there)]
        if texts[0] == texts[1]:
            continue
        if expected.explains(address, here, there):
            explained += 1
            continue
        path = next(action.construct_path for action in (here, there) if action)
        unexplained.append(UnexplainedChange(address, path, *texts))
    return Comparison(tuple(unexplained), explained, expected.problem)
