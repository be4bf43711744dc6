"""Terraform's functions, as far as they are pure and seen in practice. Source: the Terraform language reference.

They deal with unknown arguments, or raise UnknownValue, so that their result is unknown. `FILES` get the root module's
directory before the arguments. A function that is in neither has an unknown result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from policies.library.terraform.functions import addresses, encodings, files, lists, numbers, provided, texts
from policies.library.values import Value

PURE: Mapping[str, Callable[..., Value]] = {
    **addresses.PURE,
    **encodings.PURE,
    **lists.PURE,
    **numbers.PURE,
    **provided.PURE,
    **texts.PURE,
}

FILES = files.FILES

OF_TEXT = frozenset({"jsondecode", "replace"})
"""Functions that get a policy document of a data source as the text that it is."""


def plain_name(name: str) -> str:
    """The name by which a function is known here: `core::x` is `x`; what a provider is called, its module decides."""
    space, _, function = name.rpartition("::")
    return f"provider::{function}" if space.startswith("provider::") else function
