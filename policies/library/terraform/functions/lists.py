"""Functions of lists, sets and maps, most of which deal with unknown elements."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping

from policies.library.terraform.conversions import (
    Fault,
    UnknownKey,
    Unsorted,
    boolean,
    distinct,
    has_unknown_keys,
    items,
    key_of,
    mapping,
    number,
    text,
    to_set,
)
from policies.library.terraform.operations import (
    element_of,
    equal,
    index,
    key_value,
    object_of,
    unknown_keys,
)
from policies.library.values import Partial, Reference, Unknown, Value, known, one_of, unknown_from

_LONGEST_RANGE = 1024
"""Values that `range` makes at most, in Terraform too."""


def concat(*lists: Value) -> tuple[Value, ...]:
    """The elements of all lists; an unknown list is an unknown element."""
    return tuple(item for value in lists for item in ((value,) if isinstance(value, Unknown) else items(value)))


def _flatten(value: Value) -> tuple[Value, ...]:
    def flat(item: Value) -> Iterator[Value]:
        if isinstance(item, tuple):
            for each in item:
                yield from flat(each)
        else:
            yield item

    return tuple(flat(items(value)))


def _merge(*maps: Value) -> Value:
    merged: dict[str, Value] = {}
    for value in maps:
        if isinstance(value, Unknown):
            return unknown_from(*maps)
        if value is not None:
            merged.update(mapping(value))
    if has_unknown_keys(merged) and sum(map(bool, maps)) > 1:  # an unknown key may be one of another map
        return unknown_from(*unknown_keys(merged))
    return merged


def _element(value: Value, at: Value) -> Value:
    if isinstance(value, Unknown) or isinstance(at, Unknown):
        return index(value, at)
    found = items(value)
    if not found:
        raise Fault("element of an empty list")
    return index(found, int(number(at)) % len(found))


def _slice(value: Value, start: Value, end: Value) -> Value:
    first, last = int(number(start)), int(number(end))
    if isinstance(value, Reference) and last - first <= _LONGEST_RANGE:  # as in `slice(data.x.names, 0, 3)`
        return tuple(element_of(value, at) for at in range(first, last))
    found = items(value)
    return tuple(index(found, at) for at in range(first, last)) if isinstance(found, Unsorted) else found[first:last]


def _one(value: Value) -> Value:
    if isinstance(value, Unknown):
        return index(value, 0)
    return items(value)[0] if items(value) else None


def _lookup(map_: Value, key: Value, *default: Value) -> Value:
    found = mapping(map_)
    named = UnknownKey(key) if isinstance(key, Unknown) else text(key)
    if named in found:
        return found[named]
    if isinstance(key, Unknown) and found:
        return one_of(*found.values(), *default, because=key)
    if has_unknown_keys(found):
        unknown = [item for of, item in found.items() if isinstance(of, UnknownKey)]
        return one_of(*unknown, *default, because=unknown_from(*unknown_keys(found)))
    if default:
        return default[0]
    raise Fault("no such key")


def _present(values: tuple[Value, ...]) -> tuple[Value, ...]:
    return tuple(value for value in values if isinstance(value, Unknown) or value not in (None, ""))


def _first(values: tuple[Value, ...]) -> Value:
    if not values:
        raise Fault("nothing to coalesce")
    undecided = list(itertools.takewhile(lambda value: isinstance(value, Unknown) and not _is_text(value), values))
    return one_of(*values[: len(undecided) + 1])


def _is_text(value: Value) -> bool:
    """Whether an unknown value is known to be neither null nor empty."""
    return isinstance(value, Reference) or (isinstance(value, Partial) and any(map(_is_plain, value.parts)))


def _is_plain(part: object) -> bool:
    return isinstance(part, str)


def _contains(value: Value, wanted: Value) -> Value:
    results = [equal(item, wanted) for item in items(value)]
    return True if True in results else unknown_from(value, wanted) if None in results else False


def _length(value: Value) -> Value:
    return len(value) if isinstance(value, tuple | Mapping | str) else unknown_from(value)


def _range(*bounds: Value) -> Value:
    numbers = range(*(int(number(bound)) for bound in bounds))
    if len(numbers) > _LONGEST_RANGE:
        raise Fault(f"a range of more than {_LONGEST_RANGE} values")
    return tuple(numbers)


def _setproduct(*sets: Value) -> Value:
    found: list[tuple[Value, ...]] = [()]
    for each in sets:
        found = [(*head, item) for head in found for item in items(each)]
    return tuple(found)


def _set_difference(first: Value, *others: Value) -> Value:
    known((first, others))
    removed = {key_of(item) for other in others for item in items(other)}
    return to_set(tuple(item for item in items(first) if key_of(item) not in removed))


def _set_intersection(first: Value, *others: Value) -> Value:
    known((first, others))
    common = items(first)
    for other in others:
        wanted = {key_of(item) for item in items(other)}
        common = tuple(item for item in common if key_of(item) in wanted)
    return to_set(common)


def _index_of(value: Value, wanted: Value) -> int:
    for at, item in enumerate(items(known(value))):
        if key_of(item) == key_of(known(wanted)):
            return at
    raise Fault("not in the list")


def _chunks(value: Value, size: Value) -> Value:
    found, length = items(value), int(number(size))
    return tuple(found[at : at + length] for at in range(0, len(found), length))


def _zipped(keys: tuple[Value, ...], values: tuple[Value, ...]) -> Value:
    return object_of(list(zip(keys, values, strict=True)))


def _in_order(of: Mapping[str, Value], made: tuple[Value, ...]) -> Value:
    """What is made of each key of a map: in the order of the keys, as far as that is known."""
    return Unsorted(made) if has_unknown_keys(of) else made


def _match_keys(values: Value, keys: Value, wanted: Value) -> Value:
    chosen = {key_of(item) for item in items(known(wanted))}
    return tuple(item for item, key in zip(items(values), items(known(keys)), strict=True) if key_of(key) in chosen)


def _transpose(value: Value) -> Value:
    transposed: dict[str, tuple[Value, ...]] = {}
    for key, each in sorted(mapping(value).items()):
        for item in items(each):
            transposed[text(item)] = (*transposed.get(text(item), ()), key)
    return transposed


def _decided(values: tuple[Value, ...], decisive: bool) -> Value:
    """`decisive` if one of the values is that; otherwise the opposite, as far as all of them are known."""
    if any(not isinstance(value, Unknown) and boolean(value) is decisive for value in values):
        return decisive
    return unknown_from(values) if any(isinstance(value, Unknown) for value in values) else not decisive


PURE: Mapping[str, Callable[..., Value]] = {
    "chunklist": _chunks,
    "index": _index_of,
    "matchkeys": _match_keys,
    "range": _range,
    "reverse": lambda value: items(value)[::-1],
    "setintersection": _set_intersection,
    "setsubtract": _set_difference,
    "transpose": _transpose,
    "alltrue": lambda value: _decided(items(value), False),
    "anytrue": lambda value: _decided(items(value), True),
    "coalesce": lambda *values: _first(_present(values)),
    "coalescelist": lambda *values: _first(tuple(value for value in values if isinstance(value, Unknown) or value)),
    "compact": lambda value: _present(items(value)),
    "concat": concat,
    "contains": _contains,
    "distinct": lambda value: distinct(items(value)),
    "element": _element,
    "flatten": _flatten,
    "keys": lambda value: _in_order(value, tuple(map(key_value, sorted(mapping(value))))),
    "length": _length,
    "list": lambda *values: values,
    "lookup": _lookup,
    "map": lambda *pairs: _zipped(pairs[::2], pairs[1::2]),
    "merge": _merge,
    "one": _one,
    "setproduct": _setproduct,
    "setunion": lambda *values: to_set(concat(*values)),
    "slice": _slice,
    "tolist": lambda value: value if isinstance(value, Unknown) else tuple(items(value)),
    "tomap": lambda value: value,
    "toset": lambda value: value if isinstance(value, Unknown) else to_set(items(value)),
    "values": lambda value: _in_order(value, tuple(mapping(value)[key] for key in sorted(mapping(value)))),
    "zipmap": lambda keys, values: _zipped(items(keys), items(values)),
}
