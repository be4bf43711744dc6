"""Terraform's addresses of resources."""

from __future__ import annotations

import re

_INDEX = re.compile(r'\[(?:\d+|"(?:[^"\\]|\\.)*")\]')


def without_indexes(address: str) -> str:
    """`module.m["a"].aws_lb.this[0]` as `module.m.aws_lb.this`."""
    return _INDEX.sub("", address)


def declared(address: str) -> str:
    """An address as the file that declares the resource has it: without modules and indexes, `aws_lb.this`."""
    parts = without_indexes(address).split(".")
    while len(parts) > 3 and parts[0] == "module":
        del parts[:2]
    return ".".join(parts)
