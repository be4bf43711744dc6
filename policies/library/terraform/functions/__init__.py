"""Terraform's functions, as far as they are pure and seen in practice. Source: the Terraform language reference.

Those of `KNOWN` and `FILES` are called with known arguments only, of `FILES` with the root module's directory before
them; those of `LENIENT` deal with unknown ones. A function that is in
neither has an unknown result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from policies.library.terraform.functions import addresses, encodings, files, lists, numbers, texts
from policies.library.values import Value

KNOWN: Mapping[str, Callable[..., Value]] = {
    **addresses.KNOWN,
    **encodings.KNOWN,
    **lists.KNOWN,
    **numbers.KNOWN,
    **texts.KNOWN,
}

FILES = files.FILES

LENIENT: Mapping[str, Callable[..., Value]] = {**encodings.LENIENT, **lists.LENIENT, **texts.LENIENT}
