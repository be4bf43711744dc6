"""HCL of resources, for tests that read small networks."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

UNKNOWN = 'variable "unknown" {}\n'
"""A variable that nobody sets: `var.unknown`."""

ANY_TRAFFIC = {"from_port": 0, "to_port": 0, "protocol": "-1", "cidr_blocks": ["0.0.0.0/0"]}
"""A block of a security group."""

_NAMED = re.compile(r"(data\.)?aws_\w+\.\S+|var\.\w+")


def resource(address: str, /, **arguments: Any) -> str:
    """A resource, or a data source where the address begins with `data.`.

    A text that is an address is a reference, a mapping but for tags is a block, and a list of mappings is several.
    """
    *mode, kind, name = address.split(".")
    return f'{"data" if mode else "resource"} "{kind}" "{name}" {{\n{arguments_of(arguments)}}}\n'


def arguments_of(arguments: Mapping[str, Any]) -> str:
    """The arguments and blocks inside a block."""
    return "".join(
        f"{name} {{\n{arguments_of(each)}}}\n" if _is_block(name, each) else f"{name} = {_value(each)}\n"
        for name, value in arguments.items()
        for each in (value if isinstance(value, list) and value and _is_block(name, value[0]) else [value])
    )


def _is_block(name: str, value: Any) -> bool:
    return isinstance(value, Mapping) and name != "tags"


def _value(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return value if isinstance(value, str) and _NAMED.fullmatch(value) else json.dumps(value)


NETWORK = resource("aws_vpc.v", cidr_block="10.0.0.0/16") + resource(
    "aws_subnet.s", vpc_id="aws_vpc.v.id", cidr_block="10.0.1.0/24"
)
"""A VPC and a subnet."""

SERVER = resource("aws_instance.i", subnet_id="aws_subnet.s.id")
"""An instance in that subnet."""
