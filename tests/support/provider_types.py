"""The types of the AWS provider, by the installed bindings, which are generated from its schema."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def arguments() -> Mapping[str, frozenset[str]]:
    """The names of all arguments of each type, in nested blocks too."""
    spec = importlib.util.find_spec("cdktf_cdktf_provider_aws")
    assert spec is not None
    assert spec.origin is not None
    return dict(_types(Path(spec.origin).parent))


def _types(bindings: Path) -> Iterator[tuple[str, frozenset[str]]]:
    for file in sorted(bindings.glob("*/__init__.py")):
        text = file.read_text()
        named = re.search(r"resources/(\w+) aws_", text)
        if named:
            mappings = re.findall(r"name_mapping=\{(.*?)\}", text, re.DOTALL)
            yield f"aws_{named[1]}", frozenset(name for each in mappings for name in re.findall(r'"(\w+)":', each))
