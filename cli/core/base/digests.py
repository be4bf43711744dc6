"""SHA-256 digests, as hexadecimal text."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

SHORT = 12
"""Hexadecimal digits of a short id: 48 bits, which no project's releases exhaust."""


def bytes_digest(content: bytes) -> str:
    """The digest of some bytes."""
    return hashlib.sha256(content).hexdigest()


def file_digest(path: Path) -> str:
    """The digest of a file; empty where there is no file."""
    return bytes_digest(path.read_bytes()) if path.is_file() else ""


def json_digest(data: Any) -> str:
    """The digest of data as canonical JSON: sorted keys, no blanks."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return bytes_digest(text.encode("utf-8", errors="surrogatepass"))


def short_id(digest: str) -> str:
    """The beginning of a digest, for people to read and type."""
    return digest[:SHORT]
