"""How the AWS bindings are loaded. The only place that knows.

The stock import of the bindings costs 14 s and 1.25 GB: their package root imports 2,200 submodules, the package that
they drive in Node requires as many files, and two Node processes stand behind each synthesis. `install` changes how they
are loaded and nothing else: what is synthesized is byte for byte the same (docs/adr/0003-bindings-loader.md).
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

AWS_BINDINGS = "cdktf_cdktf_provider_aws"


def install() -> None:
    """Make the bindings load fast when they are first imported. Cheap, and does nothing when called again."""
    if AWS_BINDINGS in sys.modules:
        return
    spec = importlib.util.find_spec(AWS_BINDINGS)
    if spec is None:
        raise ModuleNotFoundError(f"{AWS_BINDINGS} is not installed", name=AWS_BINDINGS)
    # A parent for the submodules that are imported, whose own __init__ (an import of all of them) never runs.
    sys.modules[AWS_BINDINGS] = importlib.util.module_from_spec(spec)
    if "constructs" not in sys.modules:
        sys.meta_path.insert(0, _FirstImport())


class _FirstImport(MetaPathFinder):
    """Finds nothing: it notices that the bindings are about to be imported, and has their kernel started."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname in ("constructs", "cdktf"):
            sys.meta_path.remove(self)
            from modules import jsii_kernel

            jsii_kernel.start()
        return None
