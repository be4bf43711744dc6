"""Construct paths of resources, also where nothing but the resource's name tells them: in plans, and in HCL.

cdktf names a resource by the path of its construct below the stack: the steps joined with `_`, of which one that the
step before it ends with is left out, then `_` and the first eight digits of the MD5 of the path (cdktf,
`lib/private/unique.ts`). So a path can always be compared with a name; it can be read from one where no step was left
out.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from fnmatch import translate
from functools import cache

from policies.library.model import Resource


@dataclass(frozen=True)
class Pattern:
    """A resource type, and the construct path below the stack; `*` stands for any text within one step."""

    type: str
    path: str

    def matches(self, resource: Resource) -> bool:
        """Whether a resource is of the type and at the path."""
        if resource.type != self.type:
            return False
        if resource.construct_path is not None:
            return self._matches(resource.construct_path.partition("/")[2])
        return resource.address == f"{resource.type}.{resource.name}" and self._is_name(resource.name)

    def _is_name(self, name: str) -> bool:
        readable, _, digest = name.rpartition("_")
        path = self.path if "*" not in self.path else readable.replace("_", "/")
        return digest == _digest(path) and self._matches(path)

    def _matches(self, path: str) -> bool:
        return path.count("/") == self.path.count("/") and _expression(self.path).fullmatch(path) is not None


@cache
def _expression(path: str) -> re.Pattern[str]:
    return re.compile(translate(path))


def _digest(path: str) -> str:
    return hashlib.md5(path.encode(), usedforsecurity=False).hexdigest()[:8].upper()
