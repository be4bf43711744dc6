"""The reviewed types that cost nothing by themselves, in `free.yaml`, each with where AWS says so."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

_FILE = Path(__file__).with_name("free.yaml")


@cache
def free_types() -> Mapping[str, str]:
    """Source by type."""
    return {type_: group["source"] for group in YAML(typ="safe").load(_FILE) for type_ in group["types"]}
