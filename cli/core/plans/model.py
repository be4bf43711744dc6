"""A plan as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from cli.core.base.digests import json_digest


class Kind(StrEnum):
    """What happens to a resource; worst first."""

    DESTROY = "destroy"
    REPLACE = "replace"
    UPDATE = "update"
    CREATE = "create"
    IMPORT = "import"
    MOVE = "move"
    FORGET = "forget"
    """Terraform forgets the resource, which stays in AWS."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value of an attribute, as it may be shown."""

    text: str
    """JSON, `(sensitive)`, `(known after apply)`; empty where there is none."""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute that changes."""

    path: str
    """Such as `ingress[0].cidr_blocks`."""
    before: Value
    after: Value
    forces_replacement: bool = False
    name: str = ""
    """The path with the key of a block instead of its place, such as `user[admin].groups`; empty for the path."""
    lines: tuple[str, ...] = ()
    """What differs within a text or a list, a line each: `- ` for what goes, `+ ` for what comes, `~ ` for what
    changes. Empty where `before` and `after` say it."""


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one resource."""

    address: str
    type: str
    kind: Kind
    part: str
    """The part of the system: from the construct path or, for what is no longer in the Terraform, from the address."""
    construct_path: str
    """Empty for what is no longer in the Terraform."""
    attributes: tuple[Attribute, ...]
    """Those that change, by path. Of what is created, those that are set; of what is destroyed, none."""
    reason: str
    """Why it is replaced or destroyed, in words; empty for anything else."""
    previous_address: str = ""
    """Where it was before a `moved` entry."""
    facts: tuple[str, ...] = ()
    """The few arguments that tell what is created, or what there was of what goes: `instance_type=t4g.small`."""
    loss: str = ""
    """What is lost with it, in words; empty for what can be made again, and for what stays."""
    import_id: str = ""
    """The id by which it is imported; empty for what is not."""
    source_line: str = ""
    """The line of Python that makes it, such as `modules/edge/dns.py:12`; empty where none is noted."""

    @property
    def forced_by(self) -> tuple[Attribute, ...]:
        """The attributes that force the replacement."""
        return tuple(attribute for attribute in self.attributes if attribute.forces_replacement)

    @property
    def loses(self) -> bool:
        """Whether the resource that is there now is destroyed."""
        return self.kind in (Kind.DESTROY, Kind.REPLACE)


class Widening(StrEnum):
    """How certain it is that access gets wider."""

    WIDENS = "widens"
    MAY_WIDEN = "may widen"
    """It depends on what is known only after the apply."""


@dataclass(frozen=True, slots=True)
class Access:
    """A permission or a network path that exists only after the apply."""

    address: str
    construct_path: str
    how: Widening
    text: str
    source_line: str = ""
    """The line of Python that makes the resource; empty where none is noted."""
    is_new: bool = False
    """Whether it is for what the plan creates, within the account, so that nothing that was there becomes more open."""


@dataclass(frozen=True, slots=True)
class ImageChange:
    """A server that gets another image."""

    server: str
    before: str
    """The AMI id; empty for a server that is created."""
    after: str
    """The AMI id, or that it is known after apply."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What terraform is about to do to a stack."""

    environment: str
    stack: str
    changes: tuple[Change, ...]
    """Destroys and replacements first, then by part and address. Without resources to which nothing happens."""
    access: tuple[Access, ...]
    outputs: tuple[str, ...]
    """Names of the outputs that change."""
    stateful_losses: tuple[str, ...]
    """Addresses of resources that hold data and are destroyed or replaced."""
    drift: tuple[Change, ...] = ()
    """What changed in AWS outside terraform, compared with the state."""
    images: tuple[ImageChange, ...] = ()
    """By server. New instances get the image at once, others by the instance refresh that the change starts."""

    @property
    def widened(self) -> tuple[Access, ...]:
        """What certainly widens access to what is there, or lets in the internet or other accounts."""
        return tuple(each for each in self.access if each.how is Widening.WIDENS and not each.is_new)

    @property
    def is_empty(self) -> bool:
        """Whether an apply would change nothing, not even an output."""
        return not self.changes and not self.outputs

    def of(self, *kinds: Kind) -> tuple[Change, ...]:
        """The changes of some kinds."""
        return tuple(change for change in self.changes if change.kind in kinds)

    def counts(self) -> Mapping[Kind, int]:
        """How many resources each thing happens to; without zeros."""
        return {kind: len(changes) for kind in Kind if (changes := self.of(kind))}

    def counts_by_part(self) -> Mapping[str, Mapping[Kind, int]]:
        """The same for each part, by name."""
        parts: dict[str, dict[Kind, int]] = {}
        for change in self.changes:
            kinds = parts.setdefault(change.part, {})
            kinds[change.kind] = kinds.get(change.kind, 0) + 1
        return {part: {kind: parts[part][kind] for kind in Kind if kind in parts[part]} for part in sorted(parts)}

    def digest(self) -> str:
        """The digest of what the plan does: equal for plans that do the same."""
        changes = [
            {
                "address": change.address,
                "kind": change.kind,
                "from": change.previous_address,
                "attributes": [
                    [attribute.path, attribute.before.text, attribute.after.text, attribute.forces_replacement]
                    for attribute in change.attributes
                ],
            }
            for change in sorted(self.changes, key=lambda change: change.address)
        ]
        return json_digest({"changes": changes, "outputs": sorted(self.outputs)})
