"""Terraform's addresses of resources."""

from __future__ import annotations

import re

_INDEX = re.compile(r'\[(?:\d+|"(?:[^"\\]|\\.)*")\]')


def without_indexes(address: str) -> str:
    """`module.m["a"].aws_lb.this[0]` as `module.m.aws_lb.this`."""
    return _INDEX.sub("", address)
