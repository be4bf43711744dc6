"""A difference as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class SettingDifference:
    """A setting that differs. `owner` says whose it is, see `envs.ownership.Owner`."""

    setting: str
    owner: str
    before: Any
    """None where it is not set."""
    after: Any


@dataclass(frozen=True)
class AttributeDifference:
    """A value within a resource that differs; policy documents and other JSON text are compared as what they say."""

    path: str
    before: Any
    """None where it is not there. What looks like a secret is masked."""
    after: Any
    name: str
    """The path with the key of a block instead of its place."""


@dataclass(frozen=True)
class ResourceDifference:
    """A resource, or another block of the Terraform, that is in one only or differs."""

    stack: str
    """`environment` or `bootstrap`."""
    address: str
    construct_path: str
    """The construct's path, without the environment; empty for what is no resource."""
    change: Literal["added", "removed", "changed"]
    attributes: tuple[AttributeDifference, ...]


@dataclass(frozen=True)
class Difference:
    """What differs between `before` and `after`: two environments, each as the user named it."""

    before: str
    after: str
    settings: tuple[SettingDifference, ...]
    """Every setting that differs, identities and sizes too."""
    resources: tuple[ResourceDifference, ...] | None
    """What differs with identities and sizes made equal. None where only values were compared."""

    @property
    def unexpected(self) -> tuple[SettingDifference, ...]:
        """The settings that differ, and could be equal: those of the release and of the shape."""
        return tuple(each for each in self.settings if each.owner in ("release", "shape"))

    @property
    def is_empty(self) -> bool:
        """Whether only identities and sizes differ."""
        return not self.unexpected and not self.resources
