"""The answer to "who may do what to which thing", and its reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from policies.access.model import Caller, Policy, PolicyStatement, Position, Thing
from policies.reachability.network import Assumption


class Layer(StrEnum):
    """What a request must pass, in AWS's order. Source: IAM user guide, "Policy evaluation logic"."""

    POSITION = "where the caller stands"
    DENY = "explicit deny"
    ENDPOINT = "endpoint policy"
    RCP = "resource control policy"
    SCP = "service control policy"
    PUBLIC_ACCESS = "block public access"
    RESOURCE = "resource policy"
    IDENTITY = "identity policy"
    BOUNDARY = "permissions boundary"
    SESSION = "session policy"
    ENCRYPTION = "encryption key"
    BEHIND = "bucket behind the access point"


@dataclass(frozen=True)
class Request:
    """One concrete request; what is not known before the apply stands in angle brackets."""

    principal: str
    action: str
    resource: str
    context: Mapping[str, tuple[str, ...]]
    """The condition keys that statements ask for, as these write them, and what they hold; one that it does not have is
    empty."""
    position: Position


@dataclass(frozen=True)
class Step:
    """Something that lets a request through."""

    layer: Layer
    text: str
    """In words: `allowed by ReadEvents`, `nothing restricts`, `the root user of the account has every permission`."""
    policy: Policy | None = None
    statement: PolicyStatement | None = None
    assumption: Assumption | None = None
    """What it rests on; None if it is certain."""


@dataclass(frozen=True)
class Witness:
    """A request that is allowed, and every statement that lets it through in AWS's order."""

    request: Request
    steps: tuple[Step, ...]
    further: tuple[tuple[Layer, Witness], ...] = ()
    """Requests that must be allowed with it: of the key that encrypts the thing, of the bucket behind it."""
    assumptions: tuple[Assumption, ...] = ()
    """What it rests on, also that the caller and the thing are there."""


@dataclass(frozen=True)
class Refusal:
    """Something that stops by itself all that was asked about, from one position."""

    position: Position
    layer: Layer
    text: str
    """In words: `no statement allows dynamodb:GetItem`, `DenyOutsideEndpoint denies it`."""
    statements: tuple[tuple[Policy, PolicyStatement], ...] = ()
    """Those that deny it; where a grant is missing, those that come closest: all that fit but for their conditions."""


@dataclass(frozen=True)
class AccessAnswer:
    """Which of some actions a caller may do to a thing."""

    caller: Caller
    thing: Thing
    asked: tuple[str, ...]
    allowed: tuple[str, ...]
    """Of those asked, in their order: there is a request with it that is allowed, assumptions included."""
    guaranteed: tuple[str, ...]
    """Of these, those for which there is one that rests on no assumption but that the caller and the thing are
    there."""

    @property
    def certain(self) -> tuple[str, ...]:
        """Of those allowed, those for which there is one that rests on nothing; none where the caller or the thing may
        not be there."""
        return () if self.caller.principal.presence or self.thing.presence else self.guaranteed

    def __bool__(self) -> bool:
        return bool(self.allowed)
