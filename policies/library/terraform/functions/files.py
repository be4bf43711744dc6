"""Functions that read files. Relative paths are those of the root module's directory, where Terraform runs."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from pathlib import Path

from policies.library.terraform.conversions import Fault, Set, text
from policies.library.terraform.functions.encodings import base64_digest, digest
from policies.library.values import Value


def _content(root: Path, path: Value) -> bytes:
    try:
        return (root / text(path)).read_bytes()
    except (OSError, ValueError) as error:
        raise Fault(f"cannot read {path}: {getattr(error, 'strerror', error)}") from None


def read_text(root: Path, path: Value) -> str:
    """The text of a file. Raises Fault."""
    try:
        return _content(root, path).decode()
    except UnicodeDecodeError:
        raise Fault(f"cannot read {path}: it is not UTF-8") from None


def _file_set(root: Path, path: Value, pattern: Value) -> Set:
    base = root / text(path)
    found = (file.relative_to(base).as_posix() for file in base.glob(text(pattern)) if file.is_file())
    return Set(sorted(found))


FILES: Mapping[str, Callable[..., Value]] = {
    "file": read_text,
    "filebase64": lambda root, path: base64.b64encode(_content(root, path)).decode(),
    "filebase64sha256": lambda root, path: base64_digest("sha256", _content(root, path)),
    "filebase64sha512": lambda root, path: base64_digest("sha512", _content(root, path)),
    "fileexists": lambda root, path: (root / text(path)).is_file(),
    "filemd5": lambda root, path: digest("md5", _content(root, path)),
    "fileset": _file_set,
    "filesha1": lambda root, path: digest("sha1", _content(root, path)),
    "filesha256": lambda root, path: digest("sha256", _content(root, path)),
    "filesha512": lambda root, path: digest("sha512", _content(root, path)),
}
"""Called with the root module's directory first."""
