"""Which arguments make the AWS provider replace a resource: `replacement.json`, a line for each type.

The facts are those of the provider's own code (hashicorp/terraform-provider-aws; the versions are in the file),
resource by resource: `ForceNew` of the schemas, `RequiresReplace` of the plan modifiers, and what `CustomizeDiff` and
`ModifyPlan` decide. Where versions say different things, the argument may force. Provider 5.100.0 was asked for a plan
of each argument of 1,388 types, one changed at a time; where it does not replace what its schema says, the argument may
force too. `tests/cli/core/change/test_replacement_provider.py` goes on asking for some. Where the code names a default
by a constant, its plan told what it is, of the types that people use most.

An entry is the path of an argument without indexes, with marks:

| mark | means |
|---|---|
| `~path` | it may force: a condition decides, or the provider takes some other values for the same |
| `path.*` | what is below it forces too |
| `path?` | where it is not set, the provider keeps what is there |
| `path!` | it forces where it comes or goes, and not where its value changes |
| `path=1` | where it is not set, it is 1; `=*`: it has a default that is not known here |

`without_region` lists the types that are in no region.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("replacement.json")
_ENTRY = re.compile(r"(~?)([\w.]+?)(\.\*)?([?!]?)(?:=(.*))?")

ANY = "*"
"""The default of an argument that has one, of which nobody knows here what it is."""

_BUILT_IN: Mapping[str, tuple[str, ...]] = {"terraform_data": ("triggers_replace.*",)}
"""The type of Terraform itself. Source: Terraform, "The terraform_data Managed Resource Type"."""


@dataclass(frozen=True, slots=True)
class Forcing:
    """What a change of an argument does."""

    path: str
    is_certain: bool
    """Whether every change of it forces a new resource."""
    is_deep: bool
    """Whether what is below it forces too."""
    is_kept: bool
    """Whether the provider keeps what is there where it is not set."""
    only_presence: bool
    """Whether it forces only where it comes or goes."""
    default: Any = None
    """What it is where it is not set; None for nothing."""


@cache
def forcing(type_: str) -> Mapping[str, Forcing] | None:
    """By their paths the arguments of a type that force a new resource; None where they are not known."""
    entries = _BUILT_IN.get(type_, _data()["types"].get(type_))
    return None if entries is None else {each.path: each for each in map(_entry, entries)}


def has_region(type_: str) -> bool:
    """Whether a resource of this type is in a region, so that it is another one in another region."""
    return type_.startswith("aws_") and type_ not in _data()["without_region"]


def known_types() -> frozenset[str]:
    """Every type whose arguments are known."""
    return frozenset(_data()["types"])


@dataclass(frozen=True, slots=True)
class Premise:
    """What another argument must be for an argument to force a new resource."""

    argument: str
    value: Any
    default: Any
    """What it is where it is not set."""


def premise(type_: str, path: str) -> Premise | None:
    """On what it rests whether an argument that may force does; None where no other argument decides that."""
    return _PREMISES.get((type_, path))


_NETWORK = Premise("load_balancer_type", "network", default="application")
_ON_CHANGE = Premise("user_data_replace_on_change", True, default=False)
_PREMISES: Mapping[tuple[str, str], Premise] = {
    **{(type_, path): _NETWORK for type_ in ("aws_lb", "aws_alb") for path in ("subnets", "security_groups")},
    **{("aws_instance", path): _ON_CHANGE for path in ("user_data", "user_data_base64")},
}
"""Arguments that people change often, and on what it rests whether they force. Sources: the provider's
`customizeDiffLoadBalancerNLB` and `customizeDiffLoadBalancerALB`, and its documentation of `aws_instance`."""


def is_known(type_: str) -> bool:
    """Whether it is known of a type what it is: of AWS, of Terraform itself, or of a provider of which
    nothing is outside of the state."""
    return forcing(type_) is not None or type_.startswith(("data.", *_WITHOUT_THINGS))


_WITHOUT_THINGS = ("archive_", "cloudinit_", "local_", "null_", "random_", "template_", "time_", "tls_")
"""How types begin of the utility providers of HashiCorp. Source: Terraform Registry, "hashicorp", "Utility"."""


@cache
def _data() -> Mapping[str, Any]:
    return json.loads(_FILE.read_bytes())  # type: ignore[no-any-return]


def _entry(text: str) -> Forcing:
    match = _ENTRY.fullmatch(text)
    assert match is not None, text
    may, path, deep, mark, default = match.groups()
    value = default if default in (None, ANY) else json.loads(default)
    return Forcing(
        path,
        is_certain=not may,
        is_deep=bool(deep),
        is_kept=mark == "?",
        only_presence=mark == "!",
        default=value,
    )
