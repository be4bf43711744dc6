"""What belongs to a configuration and could not be read, so that it may hold anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from policies.library.values import Value


class GapKind(StrEnum):
    """What could not be read."""

    MODULE = "module"
    """A module that is called and whose source is not here."""
    FILE = "file"
    """A file that is not understood."""
    TOOL = "tool"
    """A file of another tool, of which nothing is read: Terragrunt, Terraform Stacks."""
    VARIABLES = "variables"
    """A file with values of variables that is not loaded unless it is named."""
    VALUES = "values"
    """A resource or module of a plan whose values the plan does not have."""


@dataclass(frozen=True, eq=False)
class Gap:
    """One thing that could not be read."""

    kind: GapKind
    where: str
    """The address of a module call or resource, or the file."""
    text: str
    """What is missing and why, for messages."""
    source: str = ""
    """The source of a module, as it is written."""
    version: str = ""
    """The version of it that is asked for, as it is written."""
    arguments: Mapping[str, Value] = field(default_factory=dict, repr=False)
    """What a module is given."""
