"""Terraform's addresses of resources."""

from __future__ import annotations

from policies.library.terraform.addresses import without_indexes

__all__ = ["declared", "without_indexes"]


def declared(address: str) -> str:
    """An address as the file that declares the resource has it: without modules and indexes, `aws_lb.this`."""
    parts = without_indexes(address).split(".")
    while len(parts) > 3 and parts[0] == "module":
        del parts[:2]
    return ".".join(parts)
