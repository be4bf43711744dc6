"""Type constraints of variables, and values converted to them. Source: Terraform's "Type Constraints"."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from policies.library.terraform.conversions import (
    Fault,
    UnknownKey,
    boolean,
    has_unknown_keys,
    items,
    mapping,
    number,
    text,
    to_set,
)
from policies.library.terraform.parse import parse_body
from policies.library.terraform.syntax import Call, Literal, Name, Node, Object, Source, SyntaxFault, Tuple
from policies.library.values import OneOf, Unknown, Value, one_of, unknown_from


def converted(value: Value, kind: Node, evaluate: Callable[[Node], Value]) -> Value:
    """A value as the type that a constraint names; what it does not name stays as it is. Raises Fault.

    `evaluate` works out the defaults of optional attributes.
    """
    if isinstance(value, OneOf):
        return one_of(*(converted(each, kind, evaluate) for each in value.alternatives))
    if value is None or isinstance(value, Unknown):
        return value
    match _plain(kind):
        case Name(name) if name in _SIMPLE:
            return _SIMPLE[name](value)
        case Call("list" | "set" as name, (element,)):
            return _SIMPLE[name](tuple(converted(item, element, evaluate) for item in items(value)))
        case Call("map", (element,)):
            return {key: converted(item, element, evaluate) for key, item in mapping(value).items()}
        case Call("tuple", (kinds,)):
            return tuple(converted(*pair, evaluate) for pair in zip(items(value), _elements(kinds), strict=True))
        case Call("object", _) if has_unknown_keys(value):
            return unknown_from(*(key.value for key in mapping(value) if isinstance(key, UnknownKey)))
        case Call("object", (attributes,)):
            return dict(_attributes(mapping(value), attributes, evaluate))
    return value


def is_text(kind: Node) -> bool:
    """Whether a constraint is met by text as it is: `string`, or nothing that it names. Raises Fault."""
    plain = _plain(kind)
    return isinstance(plain, Name) and plain.name in ("string", "any")


_SIMPLE: Mapping[str, Callable[[Value], Value]] = {
    "string": text,
    "number": number,
    "bool": boolean,
    "list": lambda value: tuple(items(value)),
    "set": lambda value: to_set(items(value)),
    "map": mapping,
}


def _plain(kind: Node) -> Node:
    """A constraint without its source text; one given as text, as in Terraform JSON, is read."""
    while isinstance(kind, Source):
        kind = kind.node
    if isinstance(kind, Literal) and isinstance(kind.value, str):
        try:
            return _plain(parse_body(f"type = {kind.value}").attributes["type"])
        except SyntaxFault as fault:
            raise Fault(f"not a type: {fault}") from None
    return kind


def _elements(kinds: Node) -> tuple[Node, ...]:
    plain = _plain(kinds)
    if isinstance(plain, Tuple):
        return plain.items
    raise Fault("not a list of types")


def _attributes(
    value: Mapping[str, Value], attributes: Node, evaluate: Callable[[Node], Value]
) -> Iterator[tuple[str, Value]]:
    """The attributes of an object that are declared: others are dropped, optional ones have their defaults."""
    declared = _plain(attributes)
    if not isinstance(declared, Object):
        raise Fault("not an object of types")
    for key, kind in declared.items:
        name = text(evaluate(key))
        found = value.get(name)
        match _plain(kind):
            case Call("optional", (inner, *default)):
                if found is None and default:
                    found = evaluate(default[0])
                yield name, converted(found, inner, evaluate)
            case _:
                if name not in value:
                    raise Fault(f"no attribute {name}")
                yield name, converted(found, kind, evaluate)
