"""Refuses what jsii would drop without a word.

A dict where a block is expected becomes that block's class, and a misspelled key is an error. Inside a list it does
not: the dict goes to Node as it is, where each key that the block does not have *in camelCase* is dropped. So
``block_device_mappings=[{"device_name": "/dev/xvda"}]`` would synthesize to nothing. Here it is an error.
"""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from typing import Any

from jsii import _reference_map

_STRUCT = "$jsii.struct"
_MAP = "$jsii.map"


class UnknownKeyError(TypeError):
    """A dict in a list has a key that would be dropped.

    `argument` is where, such as ``rule[0].filter``; `key` the key; `struct` the name of the class to use; `allowed` the
    keyword arguments of that class.
    """

    def __init__(self, argument: str, key: str, struct: str, allowed: Sequence[str]) -> None:
        self.argument = argument
        self.key = key
        self.struct = struct
        self.allowed = tuple(allowed)
        nearest = get_close_matches(_snake(key), allowed, n=1)
        super().__init__(
            f"{argument}: the key {key!r} of this dict would be dropped. "
            f"In a list, use the class: {struct}({nearest[0] if nearest else '...'}=...)"
        )


def check(arguments: Sequence[Any]) -> None:
    """Check the arguments of a call as they go to the kernel.

    Raises `UnknownKeyError` for the first key that would be dropped.
    """
    for argument in arguments:
        if type(argument) is dict and _STRUCT in argument:
            _check_struct(argument[_STRUCT], "")


def _check_struct(struct: Mapping[str, Any], where: str) -> None:
    data = struct["data"]
    python_type = None
    for name, value in data.items():
        kind = type(value)
        if kind is dict and _STRUCT in value:
            _check_struct(value[_STRUCT], f"{where}{_snake(name)}.")
        elif kind is list:
            for index, item in enumerate(value):
                if type(item) is not dict:
                    continue
                if _STRUCT in item:
                    _check_struct(item[_STRUCT], f"{where}{_snake(name)}[{index}].")
                elif _MAP in item:
                    python_type = python_type or _reference_map._data_types[struct["fqn"]]
                    _check_map(item[_MAP], _block_types(python_type)[name], f"{where}{_snake(name)}[{index}]")


def _check_map(data: Mapping[str, Any], block: type | None, where: str) -> None:
    if block is None:
        return
    types = _block_types(block)
    for key, value in data.items():
        if key not in types:
            raise UnknownKeyError(where, key, block.__name__, sorted(block.__jsii_name_mapping__))  # type: ignore[attr-defined]
        for suffix, item in _maps(value):
            _check_map(item, types[key], f"{where}.{key}{suffix}")
        for suffix, item in _maps(value, _STRUCT):
            _check_struct(item, f"{where}.{key}{suffix}.")


def _maps(value: object, tag: str = _MAP) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(value, dict) and tag in value:
        yield "", value[tag]
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, dict) and tag in item:
                yield f"[{index}]", item[tag]


@cache
def _block_types(struct: type) -> dict[str, type | None]:
    """For each property of a struct, by its name in Node: the class of the block it holds, or None."""
    hints = typing.get_type_hints(struct.__init__)  # type: ignore[misc]
    names: Mapping[str, str] = struct.__jsii_name_mapping__  # type: ignore[attr-defined]
    return {jsii_name: _block_type(hints[name]) for name, jsii_name in names.items()}


def _block_type(hint: object) -> type | None:
    if isinstance(hint, type) and hasattr(hint, "__jsii_name_mapping__"):
        return hint
    if typing.get_origin(hint) is Mapping:
        return None
    return next(filter(None, map(_block_type, typing.get_args(hint))), None)


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
