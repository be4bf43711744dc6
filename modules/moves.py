"""The `moved` blocks of a stack: Terraform then knows a resource by its new address, and destroys nothing.

They stand in `addresses.json`, where `infra move` puts them.
"""

import json
from pathlib import Path

from cdktf import TerraformStack

_MANIFEST = Path(__file__).resolve().parent.parent / "addresses.json"


def add_moves(stack: TerraformStack, *, is_bootstrap: bool = False) -> None:
    """Write the moves of environments, or of their bootstrap stacks, into `stack`."""
    if not _MANIFEST.is_file():
        return
    kind = "bootstrap" if is_bootstrap else "environment"
    moves = [
        {"from": move["from"], "to": move["to"]}
        for move in json.loads(_MANIFEST.read_bytes())["moved"]
        if move["stack"] == kind
    ]
    if moves:
        stack.add_override("moved", moves)
