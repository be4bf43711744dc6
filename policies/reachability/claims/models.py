"""What stands in `policies/claims.yaml`: names of parts and ports, and the claims about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag

from envs.errors import Path as KeyPath
from policies.reachability.claims.construct_paths import Pattern

ANYTHING, OUTSIDE, PRIVATE, PUBLIC = RESERVED = ("anything", "outside", "private", "public")
"""Names that need no definition: all, what is no node, nodes by their subnets."""

EXTERNALS = ("internet", "s3", "dynamodb")
"""Names of what every network has outside."""


def _as_tuple(value: Any) -> Any:
    return (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]
"""One name or a list of names."""


class Model(BaseModel):
    """Frozen, strict, closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class At(Model):
    """A resource by its type and construct path below the stack."""

    type: str
    path: str

    @property
    def pattern(self) -> Pattern:
        """What finds it."""
        return Pattern(self.type, self.path)


class PartAt(At):
    """A part of the system."""

    optional: bool = False
    """Whether stacks may lack it."""
    subnets: Literal["public", "private"] | None = None
    """Where its interfaces are."""


class PortAt(At):
    """A port that stands in an attribute."""

    attribute: str
    """Name of the attribute; a dot leads into a block."""
    optional: bool = False
    """Whether stacks may lack it; it is no port there."""
    words: Mapping[str, int | str] = Field(default_factory=dict, alias="is")
    """What a text that is no number stands for: a number, or the name of a port."""


PORT_TAGS = ("(number)", "(place)")
"""How pydantic tells the two kinds of ports apart; they stand in the paths of its errors."""

Port = Annotated[
    Annotated[int, Tag(PORT_TAGS[0])] | Annotated[PortAt, Tag(PORT_TAGS[1])],
    Discriminator(lambda value: PORT_TAGS[isinstance(value, Mapping)]),
]


class Over(Model):
    """The pairs that a claim is about."""

    source: Names = Field(alias="from")
    target: Names = Field(alias="to")

    def named(self) -> Iterator[tuple[str, str, bool]]:
        """Every use of a name: under which key, the name, and whether it is a port's."""
        yield from (("from", name, False) for name in self.source)
        yield from (("to", name, False) for name in self.target)


class Row(Over):
    """Connections: from every one of some parts to every one of others, on some ports."""

    on: Names
    through: str | None = None
    """The load balancer that passes them on; None for connections that end where they are opened to."""

    def named(self) -> Iterator[tuple[str, str, bool]]:
        """Every use of a name."""
        yield from super().named()
        yield from (("on", name, True) for name in self.on)
        if self.through is not None:
            yield "through", self.through, False


class Claim(Model):
    """Of the pairs `over`: what must be possible, what may be; nothing else is."""

    over: Over
    must: Annotated[tuple[Row, ...], BeforeValidator(_as_tuple)] = ()
    may: Annotated[tuple[Row, ...], BeforeValidator(_as_tuple)] = ()

    @property
    def rows(self) -> tuple[Row, ...]:
        """All that is allowed."""
        return self.must + self.may

    def pairs(self) -> Iterator[tuple[KeyPath, Over]]:
        """Everything in it that names parts, and where it is."""
        yield ("over",), self.over
        yield from ((("must", at), row) for at, row in enumerate(self.must))
        yield from ((("may", at), row) for at, row in enumerate(self.may))


class Claims(Model):
    """The file."""

    parts: Mapping[str, PartAt]
    outside: Mapping[str, PartAt]
    public_subnets: At
    groups: Mapping[str, Names]
    ports: Mapping[str, Port]
    client_ports: Mapping[str, Annotated[tuple[int, int], BeforeValidator(_as_tuple)]]
    claims: Mapping[str, Claim]

    @property
    def names(self) -> frozenset[str]:
        """Everything that a claim may speak of."""
        return frozenset((*self.parts, *self.outside, *self.groups, *EXTERNALS, *RESERVED))

    def members(self, *names: str) -> frozenset[str]:
        """Names with groups replaced by the parts in them."""
        members: set[str] = set()
        for name in names:
            members |= self.members(*self.groups[name]) if name in self.groups else {name}
        return frozenset(members)

    def named(self) -> Iterator[tuple[KeyPath, str, bool]]:
        """Every use of a name: where, the name, and whether it is a port's."""
        for group, names in self.groups.items():
            for at, name in enumerate(names):
                yield ("groups", group, at), name, False
        for name in self.client_ports:
            yield ("client_ports", name), name, False
        for port, value in self.ports.items():
            for word, number in value.words.items() if isinstance(value, PortAt) else ():
                if isinstance(number, str):
                    yield ("ports", port, "is", word), number, True
        for rule, claim in self.claims.items():
            for place, pair in claim.pairs():
                for key, name, is_port in pair.named():
                    yield ("claims", rule, *place, key), name, is_port
