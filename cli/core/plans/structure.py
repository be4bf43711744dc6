"""What differs between two values: mappings by name, lists of blocks by their key, in whatever order. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias


class Item(NamedTuple):
    """The step into a list of blocks."""

    at: int
    """After the change; of a block that goes, before it."""
    key: str
    """What tells the block from the others, such as its name; empty where nothing does."""


Path: TypeAlias = tuple[str | int | Item, ...]

_KEYS = (
    *("name", "Name", "Sid", "sid", "id", "Id", "key", "Key", "rule_number", "rule_no", "priority", "device_name"),
    *("containerPort", "port", "from_port", "domain_name", "cidr_block", "cidr", "type", "rule_id", "event", "value"),
)
"""What blocks of a list are told apart by, the best first."""


def differing(
    before: Any, after: Any, path: Path = (), *, none_is_empty: bool = False
) -> Iterator[tuple[Path, Any, Any]]:
    """Path, value before and value after of everything that differs; None where nothing is there.

    A list of anything but mappings is one value. With ``none_is_empty`` each value of a mapping that comes is one, else
    the mapping.
    """
    if isinstance(after, Mapping) and (isinstance(before, Mapping) or (before is None and none_is_empty)):
        old = before or {}
        for name in sorted({*old, *after}):
            yield from differing(old.get(name), after.get(name), (*path, name), none_is_empty=none_is_empty)
    elif are_blocks(before) and are_blocks(after) and before and after:
        for item, one, other in _matched(before, after):
            if one is None or other is None:
                yield (*path, item), one, other
            else:
                yield from differing(one, other, (*path, item), none_is_empty=none_is_empty)
    elif not _equal(before, after):
        yield path, before, after


def are_blocks(value: Any) -> bool:
    """Whether a value is a list of nested blocks."""
    return isinstance(value, list) and all(isinstance(block, Mapping) for block in value)


def changed_items(before: Sequence[Any], after: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """What only the first and only the second of two lists has, in its order; an item may be there several times."""
    added = list(after)
    removed = []
    for item in before:
        at = next((at for at, other in enumerate(added) if _equal(item, other)), None)
        if at is None:
            removed.append(item)
        else:
            del added[at]
    return removed, added


def shown(path: Path, *, by_key: bool = False) -> str:
    """`("ingress", 0, "from_port")` as `ingress[0].from_port`; ``by_key`` names a block by its key, if it has one."""
    text = ""
    for step in path:
        if isinstance(step, Item):
            text += f"[{step.key}]" if by_key and step.key else f"[{step.at}]"
        elif isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step}" if text else step
    return text


def _equal(one: Any, other: Any) -> bool:
    """Whether two values are equal; `true` is not 1."""
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def _matched(
    before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[Item, Mapping[str, Any] | None, Mapping[str, Any] | None]]:
    """The blocks of two lists that are not in both, in pairs; None where one has no partner."""
    old, new = _only(before, after), _only(after, before)
    is_single = len(before) == len(after) == 1
    key = _key(before, after)
    if is_single and key and before[0][key] != after[0][key]:
        key = ""
    pairs: list[tuple[int | None, int]] = []
    for at in new:
        partner = old[0] if is_single else _partner(after[at], old, before, key)
        if partner is not None:
            old.remove(partner)
        pairs.append((partner, at))
    for at in old:
        yield _item(at, before[at], key), before[at], None
    for partner, at in pairs:
        yield _item(at, after[at], key), None if partner is None else before[partner], after[at]


def _item(at: int, block: Mapping[str, Any], key: str) -> Item:
    return Item(at, str(block[key]) if key else "")


def _only(mine: Sequence[Any], others: Sequence[Any]) -> list[int]:
    """The positions of what only the first of two lists has."""
    rest = list(others)
    found = []
    for at, item in enumerate(mine):
        same = next((place for place, other in enumerate(rest) if _equal(item, other)), None)
        if same is None:
            found.append(at)
        else:
            del rest[same]
    return found


def _key(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> str:
    """The name of the argument that tells the blocks of each list apart; empty if there is none."""
    for name in _KEYS:
        sides = [[block.get(name) for block in blocks] for blocks in (before, after)]
        if all(
            all(isinstance(value, str | int) and value != "" for value in values)
            and len({str(value) for value in values}) == len(values)
            for values in sides
        ):
            return name
    return ""


def _partner(
    block: Mapping[str, Any], candidates: Sequence[int], before: Sequence[Mapping[str, Any]], key: str
) -> int | None:
    """What a block was before: what has its key or, where there is no key, what it has most in common with."""
    if key:
        return next((at for at in candidates if before[at][key] == block[key]), None)
    alike = [(sum(_equal(block.get(name), before[at].get(name)) for name in before[at]), -at) for at in candidates]
    best, position = max(alike, default=(0, 0))
    return -position if candidates and 2 * best >= len(block) else None
