"""What looks like a secret in a text that nobody marked as sensitive, so that no report prints it.

A guess by names and by the forms that credentials have; what is marked sensitive in a plan needs no guess.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

HIDDEN = "(looks like a secret)"

_NAME = re.compile(
    r"(?:pass(?:word|wd|phrase|code)?|pwd|secrets?|tokens?|credentials?|(?:api|access|private|secret|signing|encryption)"
    r"[-_.]?keys?|auth|dsn|connection[-_]?string)$",
    re.IGNORECASE,
)
"""How the names of what holds secrets end: `DB_PASSWORD`, `api-key`; `password_policy` and `secret_arn` hold none."""
_ASSIGNMENT = re.compile(
    r"""(?P<start>(?P<name>[A-Za-z_][\w.-]*)["']?[ \t]*(?::=|=|:)[ \t]*|--(?P<option>[a-z][\w-]*)[ \t]+)"""
    rf"""(?P<value>"[^"\n]*"|'[^'\n]*'|(?:{re.escape(HIDDEN)}|[^\s,;])+)"""
)
_ARN = re.compile(r"""aws[\w-]*:[\w-]+:[\w-]*:\d*:[\w/+.@*?:-]+["'\])}]*$""")
"""An ARN behind its `arn:`. That of a secret has `:secret:` and the secret's name."""
_TOKENS = (
    re.compile(r"(?P<start>://[^/\s:@]*:)(?P<value>[^\s\"']+)(?=@[\w.-]+)"),  # a password in an address
    re.compile(r"(?P<start>://)(?P<value>[^/\s:@\"']{8,})(?=@)"),  # a token as the user in one
    re.compile(
        r"(?P<start>[?&](?:[\w-]*(?:token|signature|secret|password|credential)|sig)=)(?P<value>[^&\s\"'(]+)",
        re.IGNORECASE,
    ),  # in the query of one, as presigned ones have
    re.compile(r"(?P<start>)(?P<value>\b(?:AKIA|ASIA)[A-Z0-9]{16}\b)"),  # AWS access key ids
    re.compile(
        r"(?P<start>)(?P<value>\b(?:gh[pousr]_\w{30,}|github_pat_\w{10,}|glpat-[\w-]{10,}|npm_\w{20,}|xox[abprs]-[\w-]{10,}"
        r"|sk_live_\w{10,})\b)"
    ),
    re.compile(r"(?P<start>\b(?:Basic|Bearer)\s+)(?P<value>[\w.~+/-]{8,}=*)", re.IGNORECASE),
    re.compile(r"(?P<start>)(?P<value>\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*)"),  # JSON Web Tokens
)
_KEY_BLOCK = re.compile(r"(?s)(-----BEGIN [A-Z ]*PRIVATE KEY-----)(.*?)(?=-----END|\Z)")
_NO_SECRET = re.compile(
    r"""["']?(?:arn:|\$|%\(|/aws/|ssm:|\(sensitive\)|\(known |["']{0,2}$|(?:\d+|true|false|null|none|on|off|yes|no"""
    r"""|enabled|disabled|required|optional|seconds|minutes|hours|days)["']?$)""",
    re.IGNORECASE,
)
"""Values that name a secret or hold none: ARNs, references, parameters, switches (`http_tokens`), numbers, units."""


class Masked(str):
    """A text without the secrets that it holds. Two are equal if they were before."""

    raw: str

    def __new__(cls, shown: str, raw: str) -> Masked:
        """What is shown of a text, and the text."""
        self = super().__new__(cls, shown)
        self.raw = raw
        return self

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Masked) and self.raw == other.raw

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self.raw)

    def __deepcopy__(self, _: object) -> Masked:
        return self


def is_secret(name: str, value: Any) -> bool:
    """Whether a value looks like a secret by the name that it has."""
    return isinstance(value, str) and _NAME.search(name) is not None and not _NO_SECRET.match(value)


def without_secrets(text: str) -> str:
    """A text of any form in which what looks like a secret is replaced, with as many lines."""
    shown = _KEY_BLOCK.sub(lambda found: found[1] + re.sub(r"[^\n]+", HIDDEN, found[2]), text)
    shown = _ASSIGNMENT.sub(_assigned, shown)
    for pattern in _TOKENS:
        shown = pattern.sub(rf"\g<start>{HIDDEN}", shown)
    return shown


def masked_lines(text: str) -> list[str]:
    """The lines of a text in which what looks like a secret is replaced."""
    lines = text.split("\n")
    shown = without_secrets("\n".join(lines)).split("\n")
    return [line if line == raw else Masked(line, raw) for line, raw in zip(shown, lines, strict=True)]


def masked(tree: Any, name: str = "") -> Any:
    """JSON in which what looks like a secret is replaced, by the name of a key, or of a `name` beside a `value`."""
    if isinstance(tree, Mapping):
        label = next((tree[key] for key in ("name", "Name", "key") if isinstance(tree.get(key), str)), "")
        return {key: masked(inner, label if key in ("value", "Value") else key) for key, inner in tree.items()}
    if isinstance(tree, list):
        return [masked(inner, name) for inner in tree]
    if isinstance(tree, str):
        shown = HIDDEN if is_secret(name, tree) else without_secrets(tree)
        return tree if shown == tree else Masked(shown, tree)
    return tree


def _assigned(found: re.Match[str]) -> str:
    name, value = found["name"] or found["option"], found["value"]
    if is_secret(name, value):
        return f"{found['start']}{HIDDEN}"
    if _NO_SECRET.match(value) or (name == "arn" and _ARN.match(value)):
        return found[0]
    return f"{found['start']}{_ASSIGNMENT.sub(_assigned, value)}"  # -var=password=..., env: PASSWORD=...
