"""Functions that encode, decode and hash."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
import urllib.parse
from collections.abc import Callable, Mapping
from typing import Any

from policies.library.json_text import from_json
from policies.library.terraform.conversions import Fault, UnknownKey, join_text, text
from policies.library.values import Partial, Repeated, Unknown, Value, freeze, unknown_from


def jsonencode(value: Value) -> Value:
    """JSON text; unknown values become unknown parts of it, in quotes. Raises UnknownValue for an unknown key."""
    found: list[Unknown] = []

    def plain(item: Value) -> Any:
        if isinstance(item, Partial):
            return "".join(part if isinstance(part, str) else mark(part) for part in item.parts)
        if isinstance(item, Unknown):
            return mark(item)
        if isinstance(item, tuple):
            return [plain(each) for each in item]
        if isinstance(item, Mapping):
            for key in item:
                if isinstance(key, UnknownKey):
                    raise key.value.failure()
            return {key: plain(each) for key, each in item.items()}
        return item

    def mark(unknown: Unknown) -> str:
        found.append(unknown)
        return f"\ue000{len(found) - 1}\ue001"

    pieces = re.split(
        "\ue000(\\d+)\ue001", json.dumps(plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    )
    return join_text([found[int(piece)] if at % 2 else piece for at, piece in enumerate(pieces)], "jsonencode(...)")


def _jsondecode(value: Value) -> Value:
    if isinstance(value, Partial):
        return _with_known_lengths(from_json(value))
    try:
        return freeze(json.loads(text(value)))
    except ValueError as error:
        raise Fault(f"not JSON: {error}") from None


def _with_known_lengths(value: Value) -> Value:
    """A value in which a list is unknown as a whole if nobody knows how many items it has."""
    if isinstance(value, tuple):
        if any(isinstance(each, Repeated) for each in value):
            return unknown_from(*value)
        return tuple(map(_with_known_lengths, value))
    if isinstance(value, Mapping):
        return {key: _with_known_lengths(each) for key, each in value.items()}
    return value


def _yamldecode(value: Value) -> Value:
    # 0.03 s: loads YAML, which Terraform hardly ever decodes
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        loaded = YAML(typ="safe", pure=True).load(text(value))
    except YAMLError as error:
        raise Fault(f"not YAML: {error}") from None
    return freeze(json.loads(json.dumps(loaded, default=str)))  # dates are text in Terraform


def digest(algorithm: str, content: bytes) -> str:
    """A digest in hexadecimal."""
    return hashlib.new(algorithm, content, usedforsecurity=False).hexdigest()


def base64_digest(algorithm: str, content: bytes) -> str:
    """A digest in base64."""
    return base64.b64encode(hashlib.new(algorithm, content).digest()).decode()


PURE: Mapping[str, Callable[..., Value]] = {
    "base64decode": lambda value: base64.b64decode(text(value)).decode(),
    "base64encode": lambda value: base64.b64encode(text(value).encode()).decode(),
    "base64sha256": lambda value: base64_digest("sha256", text(value).encode()),
    "base64sha512": lambda value: base64_digest("sha512", text(value).encode()),
    "csvdecode": lambda value: freeze(list(csv.DictReader(io.StringIO(text(value))))),
    "jsondecode": _jsondecode,
    "md5": lambda value: digest("md5", text(value).encode()),
    "sha1": lambda value: digest("sha1", text(value).encode()),
    "sha256": lambda value: digest("sha256", text(value).encode()),
    "sha512": lambda value: digest("sha512", text(value).encode()),
    "urlencode": lambda value: urllib.parse.quote_plus(text(value)),
    "yamldecode": _yamldecode,
    "jsonencode": jsonencode,
    "nonsensitive": lambda value: value,
    "sensitive": lambda value: value,
    "yamlencode": jsonencode,  # JSON is YAML, and only what reads it again sees the text
}
