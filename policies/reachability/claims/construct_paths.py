"""Construct paths of resources, also where nothing but the resource's name tells them: in plans, and in HCL.

cdktf names a resource by the path of its construct below the stack: the steps joined with `_`, of which one that the
step before it ends with is left out, then `_` and the first eight digits of the MD5 of the path (cdktf,
`lib/private/unique.ts`). So a path can always be compared with a name. What `*` stands for is read from the name, in
which other steps may be left out, and the digest says whether that is the path.
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
        if "*" not in self.path:
            return digest == _digest(self.path)
        match = _readable(self.path).fullmatch(readable)
        if match is None:
            return False
        texts = iter(match.groups())
        return digest == _digest(re.sub(r"\*", lambda _star: next(texts), self.path))

    def _matches(self, path: str) -> bool:
        return path.count("/") == self.path.count("/") and _expression(self.path).fullmatch(path) is not None


@cache
def _expression(path: str) -> re.Pattern[str]:
    return re.compile(translate(path))


@cache
def _readable(path: str) -> re.Pattern[str]:
    """What names of resources at a path begin with; every step after the first that is known may be left out."""
    first, *others = (re.escape(step).replace(r"\*", "([^_]*)") for step in path.split("/"))
    return re.compile(first + "".join(f"_{step}" if "(" in step else f"(?:_{step})?" for step in others))


def _digest(path: str) -> str:
    return hashlib.md5(path.encode(), usedforsecurity=False).hexdigest()[:8].upper()
