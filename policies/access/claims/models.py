"""What stands in `policies/access.yaml`: names of callers and things, and the claims about them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from envs.errors import SettingsError, dotted
from envs.positions import read
from policies.reachability.claims.construct_paths import Pattern

FILE = Path(__file__).resolve().parents[2] / "access.yaml"
"""The claims of this system."""

EVERYBODY, OUTSIDE, INTRUDERS, ROLES, EVERYTHING, ELSEWHERE = RESERVED = (
    "everybody",
    "outside",
    "intruders",
    "roles",
    "everything",
    "elsewhere",
)
"""Names that need no definition: all callers but an account's own administrators, whoever is in no account of this
configuration, those of them who stand in its VPC, its roles; all things of it, and things of other accounts."""

Stack = Literal["main", "bootstrap"]


class AccessClaimsError(Exception):
    """The claims cannot be used; the text has a line for each thing that is wrong."""


def _as_tuple(value: Any) -> Any:
    return (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else value


Words = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]
"""One text or a list of texts."""


class Closed(BaseModel):
    """Frozen, strict, closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class AccessPart(Closed):
    """A resource by type and construct path below its stack; `*` stands for any text within a step."""

    type: str
    path: str
    part: str = ""
    """The part of it that is meant: `stream` of a table."""
    stack: Stack = "main"
    optional: bool = False
    """Whether stacks may lack it."""
    arn: str = ""
    """The ARN by which other stacks know it, with {name} for what all names of the environment begin with."""

    @property
    def pattern(self) -> Pattern:
        """What finds it."""
        return Pattern(self.type, self.path)


class Named(Closed):
    """Who is no resource of the configuration: by what their name begins with, or by their ARN in the settings."""

    begins: str = ""
    setting: str = ""
    """Where the environment's settings have the ARN: `streaming.reporting.tableau_principal_arn`."""

    @model_validator(mode="after")
    def _is_one(self) -> Named:
        if bool(self.begins) is bool(self.setting):
            raise ValueError("needs either begins or setting")
        return self


class Prefix(Closed):
    """Where to read what all names of an environment begin with: a name, without its end."""

    type: str
    path: str
    attribute: str
    ends: str

    @property
    def pattern(self) -> Pattern:
        """What finds it."""
        return Pattern(self.type, self.path)


class RequestRow(Closed):
    """Requests: of some callers, about some things, with some actions or verbs."""

    source: Words = Field(alias="from")
    target: Words = Field(alias="to")
    can: Words
    via: Literal["endpoint", "anywhere"] = "anywhere"
    """From where they are made: of `endpoint`, from nowhere else."""
    needs: Words = ()
    """Condition keys without which none is allowed."""
    never: Mapping[str, str] = Field(default_factory=dict)
    """Condition keys, and the values with which none is allowed."""


Rows = Annotated[tuple[RequestRow, ...], BeforeValidator(_as_tuple)]


class AccessClaim(Closed):
    """Of the requests `over`: what must be allowed, what may be; nothing else is."""

    over: Rows = ()
    must: Rows = ()
    may: Rows = ()

    @property
    def rows(self) -> tuple[RequestRow, ...]:
        """All that is allowed."""
        return self.must + self.may


class AccessClaims(Closed):
    """The file."""

    names: Annotated[tuple[Prefix, ...], BeforeValidator(_as_tuple)]
    callers: Mapping[str, AccessPart]
    others: Mapping[str, Named]
    things: Mapping[str, AccessPart]
    groups: Mapping[str, Words]
    claims: Mapping[str, AccessClaim]

    @model_validator(mode="after")
    def _names_are_known(self) -> AccessClaims:
        known = {*RESERVED, *self.callers, *self.others, *self.things, *self.groups}
        used = [name for claim in self.claims.values() for row in (*claim.over, *claim.rows) for name in _of(row)]
        grouped = [name for group in self.groups.values() for name in group]
        unknown = sorted({*used, *grouped} - known)
        if unknown:
            raise ValueError(f"unknown names: {', '.join(unknown)}; known are {', '.join(sorted(known))}")
        return self

    def only(self, names: Collection[str]) -> AccessClaims:
        """These with the claims of some names alone: with fewer actions that are asked about, fewer requests are told
        apart."""
        return self.model_copy(update={"claims": {name: each for name, each in self.claims.items() if name in names}})

    def members(self, names: Words) -> Iterator[str]:
        """Names with groups replaced by what is in them."""
        for name in names:
            if name in self.groups:
                yield from self.members(self.groups[name])
            else:
                yield name


@cache
def claims() -> AccessClaims:
    """The claims of this system. Raises AccessClaimsError."""
    return parse(FILE.read_bytes(), file="policies/access.yaml")


def parse(content: bytes, *, file: str) -> AccessClaims:
    """The claims in a YAML text; `file` names it in errors. Raises AccessClaimsError."""
    try:
        document = read(content, file=file)
        return AccessClaims.model_validate(document.data)
    except SettingsError as error:
        raise AccessClaimsError(str(error)) from None
    except ValidationError as error:
        problems = []
        for each in error.errors(include_url=False):
            line, column, _ = document.value_place(each["loc"])
            problems.append((line, column, f"{file}:{line}:{column}: {dotted(each['loc'])}: {each['msg']}"))
        raise AccessClaimsError("\n".join(text for *_, text in sorted(problems))) from None


def _of(row: RequestRow) -> Iterator[str]:
    yield from (*row.source, *row.target)
