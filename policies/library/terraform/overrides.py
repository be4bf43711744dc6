"""Override files: what they say replaces what other files declare. Source: Terraform's "Override Files"."""

from __future__ import annotations

from pathlib import Path

from policies.library.terraform.syntax import Body, NestedBlock


def is_override(file: Path) -> bool:
    """Whether a file overrides others: `override.tf`, `x_override.tf`, and the same in JSON."""
    stem = file.name.partition(".tf")[0]
    return stem == "override" or stem.endswith("_override")


def overridden(base: Body, override: Body) -> Body:
    """A body with the arguments of another instead of its own; nested blocks of a type are replaced all at once."""
    replaced = {*override.attributes, *map(block_name, override.blocks)}
    attributes = {name: node for name, node in base.attributes.items() if name not in replaced}
    blocks = tuple(block for block in base.blocks if block_name(block) not in replaced)
    return Body({**attributes, **override.attributes}, (*blocks, *override.blocks))


def block_name(block: NestedBlock) -> str:
    """The name of the blocks that a block, perhaps a dynamic one, stands for."""
    return block.labels[0] if block.type == "dynamic" and block.labels else block.type
