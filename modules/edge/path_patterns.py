"""Path patterns of listener rules: pure.

A pattern is what Elastic Load Balancing takes in a `path-pattern` condition: `*` matches any characters, also none,
`?` for exactly one, everything else for itself, case counts (Application Load Balancer user guide, "Path conditions").
"""

from collections.abc import Iterable

MAX_PATTERNS = 5  # condition values of one rule (Quotas for your Application Load Balancers)


def within(prefix: str, patterns: Iterable[str]) -> list[str]:
    """Return patterns that match exactly the paths which begin with `prefix` and match one of `patterns`, sorted.

    `prefix` has no wildcards. `within("/ordering", ["/*/admin", "/account*"])` is `["/ordering*/admin"]`.
    """
    return sorted({prefix + rest for pattern in patterns for rest in _after(prefix, pattern)})


def not_within(prefix: str, patterns: Iterable[str]) -> list[str]:
    """Return those of `patterns` that also match a path which does not begin with `prefix`, sorted."""
    return sorted({pattern for pattern in patterns if not pattern.startswith(prefix)})


def _after(prefix: str, pattern: str) -> set[str]:
    """Return patterns for what may follow `prefix` in a path that matches `pattern`."""
    rests = {pattern}
    for character in prefix:
        rests = {after for rest in rests for after in _after_character(character, rest)}
    return rests


def _after_character(character: str, pattern: str) -> set[str]:
    if not pattern:
        return set()
    head, tail = pattern[0], pattern[1:]
    if head == "*":  # it takes the character and may take more, or it ends before it
        return {pattern} | _after_character(character, tail)
    return {tail} if head in (character, "?") else set()
