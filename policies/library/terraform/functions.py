"""Terraform's functions, as far as they are pure and seen in practice. Source: the Terraform language reference.

Those of `KNOWN` are called with known arguments only; those of `LENIENT` deal with unknown ones. A function that is in
neither has an unknown result.
"""

from __future__ import annotations

import base64
import ipaddress
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from policies.library.terraform.conversions import (
    Fault,
    boolean,
    distinct,
    items,
    join_text,
    key_of,
    mapping,
    number,
    text,
)
from policies.library.values import Linked, Partial, Unknown, Value, freeze, unknowns


def jsonencode(value: Value) -> Value:
    """JSON text; unknown values become unknown parts of it, in quotes."""
    found: list[Unknown] = []

    def plain(item: Value) -> Any:
        if isinstance(item, Partial):
            return "".join(part if isinstance(part, str) else mark(part) for part in item.parts)
        if isinstance(item, Unknown):
            return mark(item)
        if isinstance(item, tuple):
            return [plain(each) for each in item]
        if isinstance(item, Mapping):
            return {key: plain(each) for key, each in item.items()}
        return item

    def mark(unknown: Unknown) -> str:
        found.append(unknown)
        return f"\ue000{len(found) - 1}\ue001"

    pieces = re.split(
        "\ue000(\\d+)\ue001", json.dumps(plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    )
    return join_text([found[int(piece)] if at % 2 else piece for at, piece in enumerate(pieces)], "jsonencode(...)")


def _format(pattern: Value, *arguments: Value) -> Value:
    rest = list(arguments)
    parts: list[Value] = []
    for piece in re.split(r"(%%|%[-+ #0]*\d*(?:\.\d+)?[vsdqtf])", text(pattern)):
        if piece == "%%":
            parts.append("%")
        elif piece.startswith("%"):
            if not rest:
                raise Fault("not enough arguments for format")
            value = rest.pop(0)
            if isinstance(value, Unknown):
                parts.append(value)
            elif piece[-1] in "df" or piece[1:-1]:
                parts.append(piece % number(value) if piece[-1] in "df" else piece.replace("v", "s") % text(value))
            else:
                parts.append(json.dumps(text(value)) if piece[-1] == "q" else text(value))
        else:
            parts.append(piece)
    return join_text(parts, "format(...)")


def _join(separator: Value, *lists: Value) -> Value:
    parts: list[Value] = []
    for item in _concat(*lists):
        parts += [separator, item] if parts else [item]
    return join_text(parts, "join(...)")


def _concat(*lists: Value) -> tuple[Value, ...]:
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
    found: dict[str, Value] = {}
    for value in maps:
        if isinstance(value, Unknown):
            return Unknown("")
        if value is not None:
            found.update(mapping(value))
    return found


def _element(value: Value, index: Value) -> Value:
    found = items(value)
    if not found:
        raise Fault("element of an empty list")
    return found[int(number(index)) % len(found)]


def _lookup(map_: Value, key: Value, *default: Value) -> Value:
    found = mapping(map_)
    name = text(key)
    if name in found:
        return found[name]
    if default:
        return default[0]
    raise Fault(f"no key {name!r}")


def _coalesce(*values: Value) -> Value:
    for value in values:
        if isinstance(value, Unknown) or value not in (None, ""):
            return value
    raise Fault("nothing to coalesce")


def _coalescelist(*values: Value) -> Value:
    for value in values:
        if isinstance(value, Unknown) or value:
            return value
    raise Fault("nothing to coalesce")


def _compact(value: Value) -> Value:
    return tuple(item for item in items(value) if isinstance(item, Unknown) or item not in (None, ""))


def _contains(value: Value, wanted: Value) -> Value:
    found = {key_of(item) for item in items(value)}
    if not isinstance(wanted, Unknown) and key_of(wanted) in found:
        return True
    if isinstance(wanted, Unknown) or any(True for _ in unknowns(value)):
        return Unknown("")
    return False


def _length(value: Value) -> Value:
    return len(value) if isinstance(value, tuple | Mapping | str) else Unknown("")


def _to_set(value: Value) -> Value:
    found = distinct(items(value))
    if all(isinstance(item, str) for item in found):
        return tuple(sorted(found, key=str))
    return found


def _cidrsubnet(prefix: Value, new_bits: Value, index: Value) -> str:
    network = ipaddress.ip_network(text(prefix), strict=False)
    length = network.prefixlen + int(number(new_bits))
    if length > network.max_prefixlen:
        raise Fault("not enough address space")
    step = 2 ** (network.max_prefixlen - length)
    return str(ipaddress.ip_network((int(network.network_address) + int(number(index)) * step, length)))


def _cidrhost(prefix: Value, index: Value) -> str:
    return str(ipaddress.ip_network(text(prefix), strict=False)[int(number(index))])


def _cidrsubnets(prefix: Value, *bits: Value) -> Value:
    network = ipaddress.ip_network(text(prefix), strict=False)
    at, found = int(network.network_address), []
    for each in bits:
        length = network.prefixlen + int(number(each))
        size = 2 ** (network.max_prefixlen - length)
        at = (at + size - 1) // size * size
        found.append(str(ipaddress.ip_network((at, length))))
        at += size
    return tuple(found)


def _replace(value: Value, old: Value, new: Value) -> str:
    pattern = text(old)
    if len(pattern) > 1 and pattern.startswith("/") and pattern.endswith("/"):
        return re.sub(pattern[1:-1], re.sub(r"\$(\d+)", r"\\\1", text(new)), text(value))
    return text(value).replace(pattern, text(new))


def _slice(value: Value, start: Value, end: Value) -> Value:
    return items(value)[int(number(start)) : int(number(end))]


def _substr(value: Value, start: Value, length: Value) -> str:
    at, count = int(number(start)), int(number(length))
    rest = text(value)[at:]
    return rest if count < 0 else rest[:count]


def _range(*bounds: Value) -> Value:
    return tuple(range(*(int(number(bound)) for bound in bounds)))


def _setproduct(*sets: Value) -> Value:
    found: list[tuple[Value, ...]] = [()]
    for each in sets:
        found = [(*head, item) for head in found for item in items(each)]
    return tuple(found)


def _set_difference(first: Value, *others: Value) -> Value:
    removed = {key_of(item) for other in others for item in items(other)}
    return tuple(item for item in distinct(items(first)) if key_of(item) not in removed)


def _set_intersection(first: Value, *others: Value) -> Value:
    found = distinct(items(first))
    for other in others:
        wanted = {key_of(item) for item in items(other)}
        found = tuple(item for item in found if key_of(item) in wanted)
    return found


def _title(value: Value) -> str:
    return re.sub(r"\b\w", lambda found: found[0].upper(), text(value))


def _index_of(value: Value, wanted: Value) -> int:
    for index, item in enumerate(items(value)):
        if key_of(item) == key_of(wanted):
            return index
    raise Fault("not in the list")


def _jsondecode(value: Value) -> Value:
    try:
        return freeze(json.loads(text(value)))
    except ValueError as error:
        raise Fault(f"not JSON: {error}") from None


def _regex(pattern: Value, value: Value) -> Value:
    found = re.search(text(pattern), text(value))
    if not found:
        raise Fault("no match")
    return found.groupdict() or (found.groups() if found.groups() else found[0])


KNOWN: Mapping[str, Callable[..., Value]] = MappingProxyType(
    {
        "abs": lambda value: abs(number(value)),
        "base64decode": lambda value: base64.b64decode(text(value)).decode(),
        "base64encode": lambda value: base64.b64encode(text(value).encode()).decode(),
        "ceil": lambda value: math.ceil(number(value)),
        "chomp": lambda value: text(value).rstrip("\r\n"),
        "chunklist": lambda value, size: tuple(
            items(value)[at : at + int(number(size))] for at in range(0, len(items(value)), int(number(size)))
        ),
        "cidrhost": _cidrhost,
        "cidrsubnet": _cidrsubnet,
        "cidrsubnets": _cidrsubnets,
        "endswith": lambda value, end: text(value).endswith(text(end)),
        "floor": lambda value: math.floor(number(value)),
        "index": _index_of,
        "indent": lambda count, value: text(value).replace("\n", "\n" + " " * int(number(count))),
        "jsondecode": _jsondecode,
        "lower": lambda value: text(value).lower(),
        "max": lambda *values: max(number(value) for value in values),
        "min": lambda *values: min(number(value) for value in values),
        "parseint": lambda value, base: int(text(value), int(number(base))),
        "range": _range,
        "regex": _regex,
        "regexall": lambda pattern, value: freeze(re.findall(text(pattern), text(value))),
        "replace": _replace,
        "reverse": lambda value: items(value)[::-1],
        "setintersection": _set_intersection,
        "setsubtract": _set_difference,
        "slice": _slice,
        "sort": lambda value: tuple(sorted(text(item) for item in items(value))),
        "split": lambda separator, value: tuple(text(value).split(text(separator))) if value != "" else (),
        "startswith": lambda value, start: text(value).startswith(text(start)),
        "strcontains": lambda value, part: text(part) in text(value),
        "strrev": lambda value: text(value)[::-1],
        "substr": _substr,
        "sum": lambda value: sum(number(item) for item in items(value)),
        "title": _title,
        "tobool": lambda value: None if value is None else boolean(value),
        "tonumber": lambda value: None if value is None else number(value),
        "trim": lambda value, characters: text(value).strip(text(characters)),
        "trimprefix": lambda value, prefix: text(value).removeprefix(text(prefix)),
        "trimspace": lambda value: text(value).strip(),
        "trimsuffix": lambda value, suffix: text(value).removesuffix(text(suffix)),
        "upper": lambda value: text(value).upper(),
    }
)

LENIENT: Mapping[str, Callable[..., Value]] = MappingProxyType(
    {
        "alltrue": lambda value: _all_true(items(value)),
        "anytrue": lambda value: _any_true(items(value)),
        "coalesce": _coalesce,
        "coalescelist": _coalescelist,
        "compact": _compact,
        "concat": _concat,
        "contains": _contains,
        "distinct": lambda value: distinct(items(value)),
        "element": _element,
        "flatten": _flatten,
        "format": _format,
        "formatlist": lambda pattern, *lists: _format_list(pattern, *lists),
        "join": _join,
        "jsonencode": jsonencode,
        "keys": lambda value: tuple(sorted(mapping(value))),
        "length": _length,
        "lookup": _lookup,
        "merge": _merge,
        "nonsensitive": lambda value: value,
        "one": lambda value: items(value)[0] if items(value) else None,
        "sensitive": lambda value: value,
        "setproduct": _setproduct,
        "setunion": lambda *values: _to_set(_concat(*values)),
        "tolist": lambda value: value,
        "tomap": lambda value: value,
        "toset": lambda value: value if isinstance(value, Unknown) else _to_set(value),
        "tostring": lambda value: value if value is None or isinstance(value, Unknown | Linked) else text(value),
        "values": lambda value: tuple(item for _, item in sorted(mapping(value).items())),
        "zipmap": lambda keys, values: {text(key): item for key, item in zip(items(keys), items(values), strict=True)},
    }
)


def _all_true(values: tuple[Value, ...]) -> Value:
    if any(not isinstance(value, Unknown) and not boolean(value) for value in values):
        return False
    return Unknown("") if any(isinstance(value, Unknown) for value in values) else True


def _any_true(values: tuple[Value, ...]) -> Value:
    if any(not isinstance(value, Unknown) and boolean(value) for value in values):
        return True
    return Unknown("") if any(isinstance(value, Unknown) for value in values) else False


def _format_list(pattern: Value, *lists: Value) -> Value:
    length = max((len(value) for value in lists if isinstance(value, tuple)), default=1)
    return tuple(
        _format(pattern, *(value[at] if isinstance(value, tuple) else value for value in lists)) for at in range(length)
    )
