"""The constructs name cdktf and its AWS bindings; where another CDK is chosen, these names are that one's.

What it replaces: the import of `cdktf` and `cdktf_cdktf_provider_aws`, by that of `cdktn` and `cdktn_provider_aws`,
whose interface is a superset. Nothing is loaded twice: both names are of one module. How to remove it: rename
the imports.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType


def install(names: Mapping[str, str]) -> None:
    """Import packages, and what is in them, by other names: name -> the package's own."""
    sys.meta_path.insert(0, _Alias(names))
    for name, own in names.items():
        if own in sys.modules:
            sys.modules[name] = sys.modules[own]


class _Alias(MetaPathFinder, Loader):
    """Finds a module by its other name, and loads it by its own."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        return ModuleSpec(fullname, self) if fullname.partition(".")[0] in self._names else None

    def exec_module(self, module: ModuleType) -> None:
        """Put the module of the other name in the place of this one, which is what the import then returns."""
        package, _, rest = module.__name__.partition(".")
        sys.modules[module.__name__] = importlib.import_module(f"{self._names[package]}{'.' * bool(rest)}{rest}")
