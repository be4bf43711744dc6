"""The texts that attributes hold, decoded: user data in Base64, gzip and MIME multipart; JSON; text of several lines.

Nothing that looks like a secret stays in what is decoded.
"""

from __future__ import annotations

import base64
import binascii
import email
import email.policy
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from cli.core.base.secrets import masked, masked_lines
from cli.core.plans.structure import changed_items, differing, shown

_IN_BASE64 = re.compile(r"user_?data|base64$", re.IGNORECASE)
"""Attributes whose value may be Base64, by name."""
_GZIP = b"\x1f\x8b"
_MOST_BYTES = 4_000_000
"""Of a text that is decompressed: user data has 16 KiB at most, so that more is no user data."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text that was decoded: JSON, or lines."""

    content: Any
    """JSON, or a list of lines."""
    is_json: bool

    @property
    def shown(self) -> str:
        """The text as JSON on one line."""
        content = self.content if self.is_json else "\n".join(self.content)
        return as_json(content)


def decoded(name: str, value: Any) -> Text | None:
    """What an attribute's value says; None for what is no text, and for text that needs no decoding."""
    if not isinstance(value, str):
        return None
    plain = _from_base64(value) if value and _IN_BASE64.search(name) else None
    text = plain if plain is not None else value
    if text.lstrip()[:1] in ("{", "["):
        try:
            return Text(masked(json.loads(text)), is_json=True)
        except ValueError:
            pass
    if plain is None and "\n" not in text.strip():
        return None
    return Text(masked_lines("\n".join(line.rstrip() for line in _lines(text))), is_json=False)


def changed_lines(before: Text, after: Text) -> tuple[str, ...]:
    """What differs between two texts, a line each: `-` for what goes, `+` for what comes, `~` for what changes."""
    if before.is_json and after.is_json:
        return tuple(_changed_values(before.content, after.content))
    one, other = (text.shown.splitlines() if text.is_json else text.content for text in (before, after))
    lines = list(_changed(one, other))
    indents = [len(line) - len(line[1:].lstrip()) - 2 for line in lines if len(line) > 2]
    return tuple(f"{line[:2]}{line[2 + min(indents, default=0) :]}" for line in lines)


def as_json(value: Any) -> str:
    """A value as JSON on one line."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def list_lines(before: list[Any], after: list[Any]) -> tuple[str, ...]:
    """What a list loses and gets; one line where only the order differs."""
    removed, added = changed_items(before, after)
    if not removed and not added:
        return ("~ the same in another order",)
    return (*(f"- {as_json(item)}" for item in removed), *(f"+ {as_json(item)}" for item in added))


def arrow(before: str, after: str) -> str:
    """`a -> b`, or `a, changed` where both are shown alike."""
    return f"{before}, changed" if before == after else f"{before} -> {after}"


def _changed_values(before: Any, after: Any) -> Iterator[str]:
    for path, one, other in differing(before, after):
        name = f"{shown(path, by_key=True)}: " if path else ""
        if isinstance(one, list) and isinstance(other, list):
            yield from (f"{line[:2]}{name}{line[2:]}" for line in list_lines(one, other))
        elif one is None:
            yield f"+ {name}{as_json(other)}"
        elif other is None:
            yield f"- {name}{as_json(one)}"
        else:
            yield f"~ {name}{arrow(as_json(one), as_json(other))}"


def _changed(before: list[str], after: list[str]) -> Iterator[str]:
    for tag, start, end, other_start, other_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        removed, added = before[start:end], after[other_start:other_end]
        # Lines of which only something masked differs look alike.
        alike = {str.__str__(line) for line in removed} & {str.__str__(line) for line in added}
        yield from (f"~ {line}, changed" for line in sorted(alike))
        signed = zip_longest(
            (f"- {line}" for line in removed if str.__str__(line) not in alike),
            (f"+ {line}" for line in added if str.__str__(line) not in alike),
        )
        yield from (line for pair in signed for line in pair if line is not None)


def _from_base64(value: str) -> str | None:
    """Text that was encoded; None for what is none."""
    try:
        data = base64.b64decode("".join(value.split()), validate=True)
        if data.startswith(_GZIP):
            data = _decompressed(data)
        text = data.decode()
    except (binascii.Error, ValueError, OSError, EOFError, zlib.error):
        return None
    return text if all(sign.isprintable() or sign in "\r\n\t" for sign in text) else None


def _decompressed(data: bytes) -> bytes:
    """Raises ValueError for what is too long, and what `zlib` raises."""
    stream = zlib.decompressobj(wbits=31)
    content = stream.decompress(data, _MOST_BYTES)
    if stream.unconsumed_tail:
        raise ValueError("too long")
    return content


def _lines(text: str) -> list[str]:
    """The lines of a text; of MIME multipart, those of each part below its name and type."""
    if not re.match(r"(?i)(?:mime-version|content-type):", text.lstrip()):
        return text.splitlines()
    message = email.message_from_string(text.lstrip(), policy=email.policy.default)
    if not message.is_multipart():
        return text.splitlines()
    lines = []
    for part in message.walk():
        if not part.is_multipart():
            name = part.get_filename()
            lines.append(f"[{part.get_content_type()}{f', {name}' if name else ''}]")
            payload = part.get_payload(decode=True)
            data = payload if isinstance(payload, bytes) else b""
            if data.startswith(_GZIP):
                data = _decompressed(data)
            lines += data.decode(errors="replace").splitlines()
    return lines
