"""What operators, indexes and loops make of values; unknown where a value that decides is unknown."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from policies.library.terraform.conversions import (
    Fault,
    Set,
    UnknownKey,
    Unsorted,
    boolean,
    has_unknown_keys,
    is_name,
    key_of,
    number,
    text,
)
from policies.library.values import (
    Linked,
    OneOf,
    Partial,
    Reference,
    Unknown,
    Value,
    alternatives,
    one_of,
    unknown_from,
)


class Blocks(dict[str, Value]):
    """A nested block of a resource as another resource reads it: what it does not set may be set by AWS.

    `reference` says which block of which resource.
    """

    def __init__(self, attributes: Mapping[str, Value], reference: Reference) -> None:
        super().__init__(attributes)
        self.reference = reference


@dataclass(frozen=True, eq=False)
class Keyless(Unknown):
    """A map whose keys are unknown, made of each element of `of`, or of some if that is no reference to a resource.

    `element` is each of its values.
    """

    of: Unknown
    element: Value


def link(value: Value, reference: Reference) -> Value:
    """A value with what it was read from attached, where it can carry that: text, blocks in a list, what is unknown."""
    if isinstance(value, Unknown) and not isinstance(value, Reference | Partial | OneOf):
        return replace(reference, made_of=(value,))
    if isinstance(value, str):
        return value if isinstance(value, Linked) else Linked(value, reference)
    if isinstance(value, tuple) and value and all(isinstance(item, Mapping) for item in value):
        element = replace(reference, attribute=f"{reference.attribute}[]")
        return tuple(Blocks(item, element) for item in value if isinstance(item, Mapping))
    return value


def attribute_of(of: Value, name: str) -> Value:
    """`of.name` of something known. Raises Fault."""
    if isinstance(of, Mapping):
        if name in of:
            return of[name]
        if isinstance(of, Blocks):
            at = f"{of.reference.attribute}.{name}"
            return Reference(f"{of.reference.address}.{at}", of.reference.address, at)
        if has_unknown_keys(of):
            return unknown_from(*unknown_keys(of))
        raise Fault(f"no attribute {name}")
    if isinstance(of, tuple):
        if name.isdecimal():
            return index(of, int(name))
        made = tuple(attribute_of(item, name) for item in of)
        return Unsorted(made) if isinstance(of, Unsorted) else made
    raise Fault(f"no attributes here, so no {name}")


def element_of(of: Reference, at: int) -> Reference:
    """One of several elements of an unknown list, each of which is another value."""
    return Reference(f"{of.expression}[{at}]", of.address, f"{of.attribute}[{at}]")


def index(of: Value, key: Value) -> Value:
    """`of[key]`. Raises Fault."""
    if isinstance(of, Reference):
        if of.type.startswith("data.") and of.attribute and isinstance(key, int):
            return element_of(of, key)
        return replace(of, attribute=f"{of.attribute}[]") if of.attribute else of
    if isinstance(of, Unknown) or isinstance(key, Unknown):
        return _some_of(of, key)
    if isinstance(of, tuple):
        at = int(number(key))
        if not 0 <= at < len(of):
            raise Fault(f"no element {at}")
        return one_of(*of) if isinstance(of, Unsorted) else of[at]
    if isinstance(of, Mapping):
        return attribute_of(of, text(key))
    raise Fault("not a list or map")


def _some_of(of: Value, key: Value) -> Value:
    """`of[key]` where one of them is unknown."""
    if isinstance(of, OneOf) and not isinstance(key, Unknown):
        return one_of(*(index(each, key) for each in of.alternatives))
    if isinstance(of, tuple) and of:
        return one_of(*of, because=key) if len({key_of(item) for item in of}) > 1 else of[0]
    if isinstance(of, Mapping) and of:
        same = UnknownKey(key) if isinstance(key, Unknown) else ""
        return of[same] if same in of else one_of(*(item for _, item in pairs(of)), because=key)
    return unknown_from(of, key)


def negate(operator: str, value: Value) -> Value:
    """`!value` or `-value`. Raises Fault."""
    if isinstance(value, Unknown):
        return unknown_from(value)
    return not boolean(value) if operator == "!" else -number(value)


def operate(operator: str, left: Value, right: Value) -> Value:
    """`left operator right`. Raises Fault."""
    if operator in ("&&", "||"):
        decisive = operator == "||"
        for side in (left, right):
            if not isinstance(side, Unknown) and boolean(side) is decisive:
                return decisive
        return unknown_from(left, right) if isinstance(left, Unknown) or isinstance(right, Unknown) else not decisive
    if operator in ("==", "!="):
        return _compare(operator, left, right)
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return unknown_from(left, right)
    return _arithmetic(operator, number(left), number(right))


def _compare(operator: str, left: Value, right: Value) -> Value:
    is_equal = equal(left, right)
    return unknown_from(left, right) if is_equal is None else is_equal is (operator == "==")


def equal(left: Value, right: Value) -> bool | None:
    """Whether two values are equal, as `==` has it; None if unknown parts decide."""
    if isinstance(left, OneOf) or isinstance(right, OneOf):
        found = {equal(one, other) for one in alternatives(left) for other in alternatives(right)}
        return found.pop() if len(found) == 1 else None
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        other, unknown = (left, right) if isinstance(right, Unknown) else (right, left)
        if other is None and isinstance(unknown, Partial | Reference | Keyless):
            return False  # neither text, nor a resource's attribute, nor a module is null
        is_same = isinstance(other, Unknown) and key_of(other) == key_of(unknown)
        return True if is_same else None
    if isinstance(left, tuple) and isinstance(right, tuple):
        return _all_equal(zip(left, right, strict=True)) if len(left) == len(right) else False
    if has_unknown_keys(left) or has_unknown_keys(right):
        return None
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return _all_equal((left[key], right[key]) for key in left) if set(left) == set(right) else False
    return key_of(left) == key_of(right)


def _all_equal(found: Iterable[tuple[Value, Value]]) -> bool | None:
    """Whether all pairs are equal: not if one is not, whatever is unknown about others."""
    results = {equal(*pair) for pair in found}
    return False if False in results else None if None in results else True


def _arithmetic(operator: str, left: float, right: float) -> Value:
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/":
            found = left / right
            return int(found) if found.is_integer() else found
        case "%":
            found = math.fmod(left, right)  # of the dividend's sign, unlike Python's
            return int(found) if found.is_integer() else found
        case "<":
            return left < right
        case ">":
            return left > right
        case "<=":
            return left <= right
        case _:
            return left >= right


def pairs(collection: Value) -> list[tuple[Value, Value]]:
    """Keys and values of what is iterated over; the keys of a set are its elements. Raises Fault."""
    if isinstance(collection, Mapping):
        return [(key_value(key), collection[key]) for key in sorted(collection)]
    if isinstance(collection, Set):
        return [(item, item) for item in collection]
    if isinstance(collection, tuple):
        return list(enumerate(collection))
    if collection is None:
        return []
    raise Fault("not a collection")


def key_value(key: str) -> Value:
    """A map's key as expressions have it."""
    return key.value if isinstance(key, UnknownKey) else key


def unknown_keys(of: Mapping[str, Value]) -> tuple[Unknown, ...]:
    """The keys of a map that are unknown."""
    return tuple(key.value for key in of if isinstance(key, UnknownKey))


def object_of(found: list[tuple[Value, Value]]) -> Value:
    """The object of some keys and values; unknown if nobody can tell one key from another. Raises Fault."""
    made: dict[str, Value] = {}
    for key, value in found:
        if isinstance(key, Unknown) and not is_name(key):
            return unknown_from(key)
        made[UnknownKey(key) if isinstance(key, Unknown) else text(key)] = value
    return made if len(made) == len(found) or not has_unknown_keys(made) else unknown_from(*unknown_keys(made))


def sealed(value: Value) -> Value:
    """A value in which a map with unknown keys is unknown as a whole, as nobody knows what it has."""
    if has_unknown_keys(value) and isinstance(value, Mapping):
        return unknown_from(*unknown_keys(value))
    if isinstance(value, Mapping) and type(value) is dict:
        found = {key: sealed(item) for key, item in value.items()}
        return value if all(found[key] is value[key] for key in found) else found
    if type(value) is tuple:
        items = tuple(map(sealed, value))
        return value if all(one is other for one, other in zip(items, value, strict=True)) else items
    return value


def grouped(found: list[tuple[Value, Value]]) -> Value:
    """The object that lists the values of each key; unknown if a key is. Raises Fault."""
    groups: dict[str, tuple[Value, ...]] = {}
    for key, value in found:
        if isinstance(key, Unknown):
            return unknown_from(key)
        groups[text(key)] = (*groups.get(text(key), ()), value)
    return groups
