"""The `moved`, `removed` and `import` blocks of a stack: what terraform takes over, and what it knows by a new address.

A resource that moves to the other stack of its environment is forgotten where it was and stays in AWS; the other stack
imports it (`infra bootstrap`, for the bootstrap stack). The moves stand in `addresses.json`, where `infra move` puts
them; what was in AWS before stands in the settings, under `imports`. The blocks come into a file of their own beside
the stack, in HCL: checkov 3.3.30 cannot parse a JSON file that has such a block.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

from envs import load
from envs.settings import Settings
from modules.runtime.errors import ConstructError

FILE = "moved.tf"
"""Name of the file in the directory of a stack that has such blocks."""

_MANIFEST = Path(__file__).resolve().parents[2] / "addresses.json"


def write_moves(outdir: Path, settings: Sequence[Settings]) -> None:
    """Write the blocks of every stack that was synthesized to `outdir`; a stack without any gets no file.

    Raises `ConstructError` for an import of a resource that neither stack of its environment has.
    """
    moved = json.loads(_MANIFEST.read_bytes())["moved"] if _MANIFEST.is_file() else []
    for environment in settings:
        imports = _imports(environment, outdir)
        for kind, name in _stacks(environment):
            blocks = [*(_block(move) for move in moved if move["stack"] == kind), *imports[name]]
            if blocks:
                (outdir / "stacks" / name / FILE).write_text("\n".join(blocks), encoding="utf-8")


def _stacks(settings: Settings) -> tuple[tuple[str, str], ...]:
    """The stacks of an environment, by kind, as `addresses.json` has it, and by name."""
    return ("environment", settings.environment), ("bootstrap", f"{settings.environment}-bootstrap")


def _imports(settings: Settings, outdir: Path) -> Mapping[str, list[str]]:
    """The import blocks of each stack, by its name."""
    blocks: dict[str, list[str]] = {name: [] for _, name in _stacks(settings)}
    if not settings.imports:
        return blocks
    known = {name: dict(_names(outdir / "stacks" / name / "cdk.tf.json")) for name in blocks}
    for resource, import_id in settings.imports.items():
        stack = next((name for name in blocks if resource in known[name]), None)
        if stack is None:
            raise _unknown(settings.environment, resource, {each for names in known.values() for each in names})
        blocks[stack].append(f"import {{\n  to = {known[stack][resource]}\n  id = {json.dumps(import_id)}\n}}\n")
    return blocks


def _names(file: Path) -> Iterator[tuple[str, str]]:
    """The addresses of the resources of a stack, by construct path below the stack, and by themselves."""
    for type_, bodies in json.loads(file.read_bytes()).get("resource", {}).items():
        for name, body in bodies.items():
            address = f"{type_}.{name}"
            yield address, address
            path = body.get("//", {}).get("metadata", {}).get("path", "")
            yield path.partition("/")[2], address


def _unknown(environment: str, resource: str, known: set[str]) -> ConstructError:
    """The error for an import of what is not in the Terraform."""
    (close,) = get_close_matches(resource, known, n=1, cutoff=0) or ("",)
    return ConstructError(
        f"imports: {environment} makes no resource {resource}; did you mean {close}? infra inventory {environment} "
        "lists the paths",
        construct_path=None,
        argument=None,
        received=resource,
        allowed="the construct path or address of a resource",
        source_file=f"envs/{environment}.yaml",
        source_line=_line_of(environment, resource),
        source_text=resource,
    )


def _line_of(environment: str, resource: str) -> int:
    """The line of an environment's file that an import stands on; the first one where the file does not say."""
    try:
        lines = (load.DIRECTORY / f"{environment}.yaml").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 1
    return next((number for number, line in enumerate(lines, 1) if resource in line), 1)


def _block(move: Mapping[str, str]) -> str:
    """Return the block of one move."""
    if "to_stack" in move:
        return f"removed {{\n  from = {move['from']}\n\n  lifecycle {{\n    destroy = false\n  }}\n}}\n"
    return f"moved {{\n  from = {move['from']}\n  to   = {move['to']}\n}}\n"
