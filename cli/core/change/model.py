"""What a change does to who can connect and who may do what, as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cli.core.base.digests import json_digest

_OF_ID = 32
"""The digits of an id: so many that nobody finds another change with the id of one that was accepted."""

TEXT_OF = "the text of "
"""Before the name of a file in which nothing differs that Terraform makes anything of."""


class Certainty(StrEnum):
    """How sure it is."""

    CERTAIN = "certain"
    ASSUMED = "assumed"
    """Whether it is possible on its side rests on what the Terraform there does not determine."""
    PERHAPS = "perhaps"
    """It is possible on its side; whether it is on the other one too rests on what the Terraform there does not
    determine."""


@dataclass(frozen=True, slots=True)
class Effect:
    """Something that is possible on one side of a change, and not on the other."""

    text: str
    """In words: `internal_load_balancer -> broker tcp 5671`."""
    kind: str
    """`connection`, `access`, `role`, `name`, `undecided`."""
    identity: tuple[str, ...]
    """Everything that it is about, a text each, in order: equal for what opens the same."""
    certainty: Certainty = Certainty.CERTAIN
    witness: tuple[str, ...] = ()
    """One example of it, with every rule that lets it through."""
    is_new: bool = False
    """Whether it is about something that is on this side only."""
    who: str = ""
    """Who may do it, as the text begins; empty where it is about no requests."""


@dataclass(frozen=True, slots=True)
class Loosened:
    """A barrier that stops less than before, where others still stop all of it."""

    place: str
    text: str
    stopped_by: tuple[str, ...]


class ClaimState(StrEnum):
    """What became of a claim."""

    BROKEN = "broken"
    BROKEN_BEFORE = "broken before too"
    MENDED = "holds again"
    OTHERWISE = "holds by another way"
    """Something that kept it has become looser; something else keeps it."""
    UNDECIDED = "is not decided"
    """Whether it holds rests on what is not known."""
    OTHER = "says something else"
    GONE = "is claimed no more"


@dataclass(frozen=True, slots=True)
class ClaimChange:
    """A claim that does not simply go on to hold."""

    claim: str
    state: ClaimState
    text: str


@dataclass(frozen=True, slots=True)
class Replacement:
    """Something at an address that is destroyed and made anew, or may be."""

    address: str
    name: str
    """What people call it: its construct path, else its address."""
    arguments: tuple[str, ...]
    """What forces it."""
    is_certain: bool
    holds_data: bool
    """Whether it holds data, or may."""
    follows: bool = False
    """Whether it refers to something else that is replaced, and is therefore."""
    prevents_destroy: bool = False
    """Whether Terraform refuses it, as its lifecycle says."""


@dataclass(frozen=True, slots=True)
class Destruction:
    """Something that holds data and is destroyed with it."""

    address: str
    unsure: str = ""
    """Why it is not certain; empty where it is."""


@dataclass(frozen=True, slots=True)
class ChangeProof:
    """What a change opens, closes and loosens."""

    before: str
    """What is compared, as the user named it."""
    after: str
    opens: tuple[Effect, ...]
    closes: tuple[Effect, ...]
    loosened: tuple[Loosened, ...]
    claims: tuple[ClaimChange, ...]
    holding: int
    """How many claims hold afterwards; 0 where none is about it."""
    destroys: tuple[Destruction, ...]
    """What holds data before, and is not there afterwards, or is replaced, or may not be there."""
    changed: tuple[str, ...]
    """All that is not the same in the Terraform: construct paths, or addresses where there are none."""
    gaps: tuple[str, ...] = ()
    """What is not here, and may open anything."""
    unread: str = ""
    """The digest of how that is written on both sides; empty where there is nothing of the kind."""
    inputs: tuple[str, str] = ("", "")
    """The digests of all that is compared, before and after."""
    environment: str = ""
    """The environment that changes; empty for what has none."""
    replaced: tuple[Replacement, ...] = ()
    """What is replaced, or may be."""
    cost: str = ""
    """What it costs more or less in a month, in one line; empty for nothing. It proves nothing."""

    @property
    def is_proved(self) -> bool:
        """Whether it is proved that nothing opens, not even perhaps. Of what is not here nothing is proved."""
        return not self.opens and not self.gaps

    @property
    def keeps_data(self) -> bool:
        """Whether it is proved that nothing is destroyed that holds data, or may hold some."""
        return not self.destroys and all(each.is_certain and not each.holds_data for each in self.replaced)

    @property
    def id(self) -> str:
        """Identifies what opens in an environment, with what is not here; empty where nothing does, as is proved."""
        identities = sorted([str(each.certainty), *each.identity] for each in self.opens)
        if not identities and not self.gaps:
            return ""
        return json_digest([self.environment, identities, list(self.gaps), self.unread])[:_OF_ID]

    def data(self) -> dict[str, Any]:
        """Everything, for programs and records."""
        return {
            "opens_nothing": self.is_proved,
            "id": self.id,
            "opens": [_effect(each) for each in self.opens],
            "closes": [_effect(each) for each in self.closes],
            "loosened": [
                {"place": each.place, "text": each.text, "stopped_by": list(each.stopped_by)} for each in self.loosened
            ],
            "claims": [{"claim": each.claim, "state": str(each.state), "text": each.text} for each in self.claims],
            "holding": self.holding,
            "destroys": [each.address for each in self.destroys if not each.unsure],
            "may_destroy": [{"address": each.address, "reason": each.unsure} for each in self.destroys if each.unsure],
            "replaced": [_replacement(each) for each in self.replaced],
            "changed": list(self.changed),
            "gaps": list(self.gaps),
        }

    def digest(self) -> str:
        """The digest of the whole proof, and of all that it is about."""
        return json_digest([self.data(), list(self.inputs)])


def _effect(effect: Effect) -> dict[str, Any]:
    return {
        "kind": effect.kind,
        "text": effect.text,
        "certainty": str(effect.certainty),
        "is_new": effect.is_new,
        "about": list(effect.identity),
        "witness": list(effect.witness),
    }


def _replacement(each: Replacement) -> dict[str, Any]:
    return {
        "address": each.address,
        "arguments": list(each.arguments),
        "certainty": str(Certainty.CERTAIN if each.is_certain else Certainty.PERHAPS),
        "holds_data": each.holds_data,
        "follows": each.follows,
        "prevents_destroy": each.prevents_destroy,
    }
