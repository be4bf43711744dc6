"""The one-time preparation, which set-up runs: after it the first synthesis is as fast as every other.

It imports what the project imports, so that Python keeps the bytecode, while the kernel unpacks the bindings for Node
and writes the indexes of their types. It patches nothing. Without it everything works: the first synthesis does the
same work, and takes as long.
"""

from __future__ import annotations

import ast
import compileall
import importlib
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from envs.cdk import CDKTF
from modules.runtime import bindings

_ROOT = Path(__file__).resolve().parents[2]
_SOURCES = ("cli", "envs", "modules")


def prepare(progress: Callable[[str], None] = lambda _: None) -> None:
    """Compile and unpack what a synthesis needs. It may run again, and in two processes at once.

    `progress` receives each step as it begins. Raises `BindingsError`, or what an import raises.
    """
    progress("unpacking the bindings for Node")
    from modules.runtime.kernel import running_kernel  # 0.1 s: imports jsii, after the first step is on the screen

    importlib.import_module("constructs")
    files = [_ROOT / "main.py", *(file for folder in _SOURCES for file in sorted(_ROOT.joinpath(folder).rglob("*.py")))]
    for module in third_party_modules(files):
        progress(f"compiling {module.removeprefix(f'{CDKTF.bindings}.')}")
        importlib.import_module(module)
    for folder in _SOURCES:
        compileall.compile_dir(_ROOT / folder, quiet=2)
    progress("indexing the bindings' types")
    if not running_kernel().wait_for_indexes():
        raise bindings.BindingsError("the indexes of the bindings' types could not be written: is the disk full?")


def third_party_modules(files: Iterable[Path]) -> list[str]:
    """Return the modules that `files` import from installed packages, sorted."""
    names = set()
    for file in files:
        for statement in ast.walk(ast.parse(file.read_bytes(), file)):
            if isinstance(statement, ast.ImportFrom) and statement.module and not statement.level:
                names.add(statement.module)
            elif isinstance(statement, ast.Import):
                names.update(alias.name for alias in statement.names)
    own = {"main", "policies", *_SOURCES, *sys.stdlib_module_names}
    return sorted(name for name in names if name.partition(".")[0] not in own)


def main() -> None:
    """Prepare; on a terminal, show the current step."""
    if sys.stderr.isatty():
        prepare(lambda step: print(f"\r\x1b[K{step} ...", end="", file=sys.stderr, flush=True))
        print("\r\x1b[K", end="", file=sys.stderr)
    else:
        prepare()


if __name__ == "__main__":
    main()
