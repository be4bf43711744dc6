"""The Python lines that make each resource, as a note in the synthesized Terraform.

cdktf notes the path of each construct under ``"//".metadata``. Here `sourceLines` joins it: one line or two, such as
``modules/storage/bucket.py:95``, relative to the project. The first is the line of the part that the resource belongs
to: of the calls that lead to it, the innermost one in the folder that `modules/stacks.py` calls. Where a construct of
another folder makes the resource for that part, as `Bucket` does, the second is the line there.

What it replaces: `jsii.create`, while the stacks are built, by one that remembers who calls it. It costs no call of the
kernel. Without it the Terraform is the same but for these notes.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path, PurePosixPath
from types import FrameType
from typing import Any

import jsii
from cdktf import App
from jsii._kernel.types import ObjRef

from modules.runtime.errors import is_own

_ROOT = PurePosixPath(Path(__file__).resolve().parents[2])
_IN_A_FOLDER = 2
"""More parts than these has the path of a file in a part's folder: `modules/stacks.py` has two."""
_PATH = re.compile(r'^( *)"path": ("[^"\n]*"),$(?=\n *"uniqueId": )', re.MULTILINE)
"""Where cdktf notes the path of a construct: quotes within a value of the Terraform are escaped, so nothing else."""


@contextmanager
def recorded_source_lines() -> Iterator[Mapping[str, tuple[str, ...]]]:
    """Remember the source lines of each construct that is made, by its path."""
    outermost = sys._getframe(2)  # the caller's; this function's own frame and that of contextlib lie between
    paths: dict[str, str] = {}
    lines: dict[str, tuple[str, ...]] = {}
    create = jsii.create

    def recording(klass: type[Any], obj: Any, args: list[Any] | None = None) -> ObjRef:
        reference = create(klass, obj, args)
        path = _path(args or (), paths)
        if path is not None:
            paths[reference.ref] = path
            lines[path] = _lines(sys._getframe(1), outermost)
        return reference

    jsii.create = recording
    try:
        yield lines
    finally:
        jsii.create = create


def write_source_lines(outdir: Path, lines: Mapping[str, tuple[str, ...]]) -> None:
    """Note the source lines in every stack that was synthesized to `outdir`."""
    for file in sorted((outdir / "stacks").glob("*/cdk.tf.json")):
        file.write_bytes(_with_lines(file.read_bytes().decode(), lines).encode())


def _with_lines(text: str, lines: Mapping[str, tuple[str, ...]]) -> str:
    """A stack's text with the notes, in the form that cdktf gives to a list."""

    def note(match: re.Match[str]) -> str:
        indent, own = match[1], lines.get(json.loads(match[2]))
        if not own:
            return match[0]
        items = ",\n".join(f"{indent}  {json.dumps(line, ensure_ascii=False)}" for line in own)
        return f'{match[0]}\n{indent}"sourceLines": [\n{items}\n{indent}],'

    return _PATH.sub(note, text)


def _path(arguments: Sequence[Any], paths: Mapping[str, str]) -> str | None:
    """The path of a construct that is made with these arguments; None for what is none, or is in one that Node made."""
    match arguments:
        case [scope, str(construct_id), *_] if hasattr(scope, "__jsii_ref__"):
            above = "" if isinstance(scope, App) else paths.get(scope.__jsii_ref__.ref)
            return None if above is None else f"{above}/{construct_id}".removeprefix("/")
    return None


def _lines(frame: FrameType | None, outermost: FrameType) -> tuple[str, ...]:
    """The line of the part that makes something now, and the line that makes it where that is in another folder."""
    calls = []  # innermost first
    while frame is not None and frame is not outermost:
        file = _own_file(frame.f_code.co_filename)
        if file is not None:
            calls.append((file, frame.f_lineno))
        frame = frame.f_back
    if not calls:
        return ()
    within = [call for call in calls if len(call[0].parts) > _IN_A_FOLDER]
    folder = (within or calls)[-1][0].parent
    part = next(call for call in calls if call[0].parent == folder)
    return tuple(dict.fromkeys(f"{file}:{line}" for file, line in (part, calls[0])))


@cache
def _own_file(file: str) -> PurePosixPath | None:
    """A file of the project's own, relative to it; None for any other."""
    path = PurePosixPath(file)
    return path.relative_to(_ROOT) if is_own(file) and path.is_relative_to(_ROOT) else None
