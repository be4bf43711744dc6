"""Rules by what they are about: whole packs are chosen, and not run, together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from cli.core.base.project import IS_CHECKOUT

BUILTIN: Final = "builtin"
"""checkov's own rules, without those that ask for customer-managed keys."""

FOLDERS: Final[Mapping[str, str]] = {
    "secured_channels": "channels",
    "private_isolation": "isolation",
    "encryption_at_rest": "encryption",
    "customer_keys": "keys",
    "reachability": "claims",
    "access": "claims",
}
"""The packs of rules of ours, by the folder of policies/checks that they are in."""

KEYS: Final = "keys"

_ASKS_FOR_KEY = re.compile(r"\bCMKs?\b|customer managed|encrypted (at rest )?(with|using|by) KMS", re.IGNORECASE)

PACKS: Final = (*dict.fromkeys(FOLDERS.values()), BUILTIN)
"""The names of all packs."""

_CLAIMS: Final = "claims"

DEFAULT_PACKS: Final = tuple(pack for pack in PACKS if pack != KEYS and (pack != _CLAIMS or IS_CHECKOUT))
"""Those that are run on the Terraform of others: whether AWS's keys will do is a decision of its own. The claims are
about the checkout's system, so the installed package, which others' applications use, judges them only when asked."""


def builtin_pack(name: str) -> str:
    """The pack of a rule of checkov's, by its name: `keys` if it asks for a customer-managed key."""
    return KEYS if _ASKS_FOR_KEY.search(name) and "rotation" not in name else BUILTIN


def pack_of(file: str) -> str:
    """The pack of a rule that a file defines; empty for one that belongs to all of them."""
    return FOLDERS.get(Path(file).parent.name, "")
