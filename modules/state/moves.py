"""The `moved` and `removed` blocks of a stack: Terraform knows a resource by its new address, and destroys nothing.

A resource that moves to the other stack of its environment is forgotten where it was and stays in AWS; the other stack
imports it (`infra bootstrap`, for the bootstrap stack). The moves stand in `addresses.json`, where `infra move` puts
them, and come into a file of their own beside the stack, in HCL: checkov 3.3.30 cannot parse a JSON file that has such
a block.
"""

import json
from collections.abc import Mapping
from pathlib import Path

FILE = "moved.tf"
"""Name of the file in the directory of a stack that has moves."""

_MANIFEST = Path(__file__).resolve().parents[2] / "addresses.json"


def write_moves(outdir: Path) -> None:
    """Write the moves of every stack that was synthesized to `outdir`; without moves there is no file."""
    if not _MANIFEST.is_file():
        return
    moved = json.loads(_MANIFEST.read_bytes())["moved"]
    for directory in sorted((outdir / "stacks").iterdir()):
        kind = "bootstrap" if directory.name.endswith("-bootstrap") else "environment"
        blocks = [_block(move) for move in moved if move["stack"] == kind]
        if blocks:
            (directory / FILE).write_text("\n".join(blocks), encoding="utf-8")


def _block(move: Mapping[str, str]) -> str:
    """Return the block of one move."""
    if "to_stack" in move:
        return f"removed {{\n  from = {move['from']}\n\n  lifecycle {{\n    destroy = false\n  }}\n}}\n"
    return f"moved {{\n  from = {move['from']}\n  to   = {move['to']}\n}}\n"
