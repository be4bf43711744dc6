"""Errors of a synthesis as one clear message.

A mistake in a construct's arguments comes back from jsii in one of four shapes: a Python `TypeError` about the call, a
`TypeError` of the type checker with a name and no value, a `RuntimeError` with a tree of what could not be
deserialized, or a `RuntimeError` with a sentence of the construct library. `explain` makes the same of all of them:
which construct, which argument, what was received, what is allowed, and the line of the project it stands on. Any other
exception that the code of a module raises gets a `ModuleError`: what it is, the line, and the construct that was made.
"""

from __future__ import annotations

import linecache
import re
import sys
import sysconfig
import typing
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, NamedTuple

from jsii import _reference_map

from envs.errors import SettingsError
from modules.runtime.bindings import BindingsError
from modules.runtime.struct_keys import UnknownKeyError

_ROOT = Path(__file__).resolve().parents[2]
_INSTALLED = (
    *(sysconfig.get_paths()[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")),
    *([sys.prefix] if sys.prefix != sys.base_prefix else []),  # whatever else is in the virtual environment
)
_NO_MODULES = (str(_ROOT / "main.py"), str(_ROOT / "cli"), str(Path(__file__).parent))
"""Files that are no modules of the user's, though they lead there."""
_OWN_MACHINERY = tuple(
    str(Path(__file__).with_name(name)) for name in ("kernel.py", "source_lines.py", "struct_keys.py")
)
_LONGEST_VALUE = 120
_SECRET = re.compile(r"credential|password|private_key|secret|token$")


class ConstructError(Exception):
    """A mistake in the arguments of a construct.

    `construct_path` is the path in the tree of constructs, such as ``dev/network/vpc``; None when the mistake is in a
    block made outside of one. `argument` is the keyword argument, with the way into it, such as
    ``rule[0].filter``; None when the mistake is not in one. `received` is the value as Python writes it, `allowed` says
    what is. `source_file` (relative to the project if it is in there), `source_line` and `source_text` are the line of
    the project's own code. `message` is a sentence of its own, without the place.
    """

    def __init__(
        self,
        message: str,
        *,
        construct_path: str | None,
        argument: str | None,
        received: str | None,
        allowed: str | None,
        source_file: str,
        source_line: int,
        source_text: str,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.construct_path = construct_path
        self.argument = argument
        self.received = received
        self.allowed = allowed
        self.source_file = source_file
        self.source_line = source_line
        self.source_text = source_text

    def __str__(self) -> str:
        where = f"{self.construct_path}: " if self.construct_path else ""
        return f"{where}{self.message}\n  {self.source_file}:{self.source_line}: {self.source_text}"


class ModuleError(Exception):
    """An exception that is no mistake in arguments, raised where a module is read or makes its constructs.

    Its cause is the exception.
    """

    def __init__(self, error: Exception, *, construct_path: str | None, place: str, text: str) -> None:
        where = f"{construct_path}: " if construct_path else ""
        super().__init__(f"{where}{_kind_and_text(error)}\n  {place}: {text}\n  --debug shows the calls that led there")


class _Frame(NamedTuple):
    frame: FrameType
    line: int

    @property
    def file(self) -> str:
        return self.frame.f_code.co_filename

    @property
    def text(self) -> str:
        return linecache.getline(self.file, self.line, self.frame.f_globals).strip()

    @property
    def values(self) -> Mapping[str, Any]:
        return self.frame.f_locals


class _Call(NamedTuple):
    """The call of a binding's class, or of a method of one, that failed."""

    path: str | None
    kind: type | None
    arguments: tuple[Any, ...]
    keywords: Mapping[str, Any]


class _Finding(NamedTuple):
    message: str
    argument: str | None = None
    received: str | None = None
    allowed: str | None = None


def explain(exception: BaseException) -> ConstructError | None:
    """Return what a mistake in a construct's arguments means, or None when `exception` is something else."""
    if isinstance(exception, ConstructError):
        return exception
    frames = list(_frames(exception.__traceback__))
    own = max((i for i, frame in enumerate(frames) if is_own(frame.file)), default=None)
    if own is None:
        return None
    within = frames[own + 1 :]
    call = _call(frames[own], within)
    finding = _finding(exception, call, frames[own], within)
    if finding is None:
        return None
    return ConstructError(
        finding.message,
        construct_path=call.path,
        argument=finding.argument,
        received=finding.received,
        allowed=finding.allowed,
        source_file=_shown(frames[own].file),
        source_line=frames[own].line,
        source_text=frames[own].text,
    )


@contextmanager
def explained() -> Iterator[None]:
    """Raise a mistake in a construct's arguments as its `ConstructError`, and what else a module raises as a
    `ModuleError`. What is raised in no file of the user's stays as it is."""
    try:
        yield
    except (BindingsError, ModuleError, SettingsError):
        raise
    except Exception as error:
        explanation = explain(error)
        if explanation is not None:
            raise explanation from None
        raised = _raised(error)
        if raised is None:
            raise
        raise raised from error


def _raised(error: Exception) -> ModuleError | None:
    """What an exception means that the user's own code raised; None where none of it was running."""
    if isinstance(error, SyntaxError) and error.filename and is_own(error.filename):
        place = f"{_shown(error.filename)}:{error.lineno}"
        return ModuleError(error, construct_path=None, place=place, text=(error.text or "").strip())
    frames = _frames(error.__traceback__)
    own = [frame for frame in frames if is_own(frame.file) and not frame.file.startswith(_NO_MODULES)]
    if not own:
        return None
    paths = (_path(frame.values.get("self"), None) or _path(frame.values.get("stack"), None) for frame in reversed(own))
    return ModuleError(
        error,
        construct_path=next(filter(None, paths), None),
        place=f"{_shown(own[-1].file)}:{own[-1].line}",
        text=own[-1].text,
    )


def _kind_and_text(error: Exception) -> str:
    """The type and the text of an exception."""
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _shown(file: str) -> str:
    """A file's path, from the project where it is in there."""
    path = Path(file)
    return str(path.relative_to(_ROOT) if path.is_relative_to(_ROOT) else path)


def _frames(trace: TracebackType | None) -> Iterator[_Frame]:
    while trace is not None:
        yield _Frame(trace.tb_frame, trace.tb_lineno)
        trace = trace.tb_next


def is_own(file: str) -> bool:
    """Whether a file is the user's: not installed, not of Python, not the machinery of this package."""
    return not file.startswith((*_INSTALLED, "<")) and file not in _OWN_MACHINERY


def _call(own: _Frame, within: Sequence[_Frame]) -> _Call:
    """The call that the user's own line makes: the first frame in jsii or in a binding tells."""
    for frame in within:
        kind = frame.values.get("cls")
        if frame.frame.f_code.co_name == "__call__" and hasattr(kind, "__jsii_type__"):
            arguments: tuple[Any, ...] = frame.values["args"]
            keywords: dict[str, Any] = frame.values["kwargs"]
            scope, construct_id = (*arguments, keywords.get("scope"), keywords.get("id_"))[:2]
            return _Call(_path(scope, construct_id), kind, arguments, keywords)
        instance = frame.values.get("self")
        if hasattr(instance, "__jsii_ref__"):
            return _Call(_path(instance, None), type(instance), (), {})
    return _Call(_path(own.values.get("self"), None), None, (), {})


def _path(scope: object, construct_id: object) -> str | None:
    """The path of a construct: that of its scope, which exists, and its id."""
    parts = []
    if hasattr(scope, "__jsii_ref__") and hasattr(scope, "node"):
        parts.append(scope.node.path)
    if isinstance(construct_id, str):
        parts.append(construct_id)
    return "/".join(filter(None, parts)) or None


def _finding(exception: BaseException, call: _Call, own: _Frame, within: Sequence[_Frame]) -> _Finding | None:
    text = str(exception)
    if isinstance(exception, UnknownKeyError):
        return _unknown_key(exception)
    if isinstance(exception, TypeError):
        if match := re.match(r"type of argument (\w+)", text):
            return _wrong_type(match[1], call, within)
        if match := re.match(r"(?:.*\.)?(\w+)\.__init__\(\) (.*)", text):
            return _wrong_call(match[1], match[2], call, own, within)
        return None
    cause = type(exception.__cause__)
    if isinstance(exception, RuntimeError) and (cause.__module__, cause.__name__) == ("jsii.errors", "JavaScriptError"):
        return _from_kernel(text, call)
    return None


def _unknown_key(error: UnknownKeyError) -> _Finding:
    return _Finding(str(error), error.argument, repr(error.key), ", ".join(error.allowed))


def _way_into(within: Sequence[_Frame]) -> list[str]:
    """The arguments whose dicts were being made into blocks."""
    return [match[1] for frame in within if (match := re.match(r"(\w+) = [\w.]+\(\*\*\1\)", frame.text))]


def _wrong_type(name: str, call: _Call, within: Sequence[_Frame]) -> _Finding | None:
    """An argument that the type checker refused: its value and type are in the frame that had it checked."""
    into = _way_into(within)
    for frame in reversed(within):
        hints = frame.values.get("type_hints")
        if hints is not None and name in hints and name in frame.values:
            break
    else:
        return None
    value, hint = frame.values[name], hints[name]
    setter = frame.frame.f_code.co_name
    argument = ".".join([*into, name if setter == "__init__" or name != "value" else setter])
    index, item = _first_misfit(value, hint)
    if index is not None:
        argument, value, hint = f"{argument}[{index}]", value[index], item
    of = f" of {type(frame.values.get('self')).__name__}" if call.kind is None else ""
    return _misfit(argument, value, _describe(hint), of)


def _misfit(argument: str, value: object, allowed: str, of: str = "") -> _Finding:
    received = _show(value, argument)
    return _Finding(f"{argument}{of} is {received}, allowed: {allowed}", argument, received, allowed)


def _first_misfit(value: object, hint: object) -> tuple[int | None, object]:
    """Where a list of plain values breaks its type, and the type of its items."""
    if isinstance(value, (list, tuple)):
        for option in typing.get_args(hint):
            for item in typing.get_args(option)[:1]:
                if isinstance(item, type):
                    return next((i for i, element in enumerate(value) if not isinstance(element, item)), None), item
    return None, None


def _wrong_call(name: str, text: str, call: _Call, own: _Frame, within: Sequence[_Frame]) -> _Finding | None:
    """A call that does not fit the constructor of the class `name`, which is a construct or a block in one."""
    kind = _class_named(name, call, [own, *within][-1])
    if kind is None:
        return None
    hints = {key: hint for key, hint in typing.get_type_hints(kind.__init__).items() if key != "return"}  # type: ignore[misc]
    into = _way_into(within)
    if match := re.search(r"unexpected keyword argument '(\w+)'", text):
        argument, keywords = ".".join([*into, match[1]]), call.keywords
        for key in into:
            keywords = keywords.get(key, {})
        received = _show(keywords[match[1]], argument) if match[1] in keywords else None
        nearest = get_close_matches(match[1], hints, n=1)
        hint = f", did you mean {nearest[0]}?" if nearest else ""
        return _Finding(f"{name} has no argument {match[1]}{hint}", argument, received, ", ".join(hints))
    if re.search(r"missing \d+ required", text):
        missing = [key for key in re.findall(r"'(\w+)'", text) if key in hints]
        allowed = ", ".join(f"{key} ({_describe(hints[key])})" for key in missing)
        return _Finding(f"{name} needs {allowed}", ", ".join(".".join([*into, key]) for key in missing), None, allowed)
    if "positional argument" in text:
        allowed = "only scope and id are given by position, everything else by name"
        return _Finding(f"a value without a name, {allowed}", None, _show(list(call.arguments[2:])), allowed)
    return None


def _class_named(name: str, call: _Call, caller: _Frame) -> type | None:
    """The class of a binding, as the frame knows it that called it."""
    if call.kind is not None and call.kind.__name__ == name:
        return call.kind
    known = caller.frame.f_globals.get(name)
    if known is None:
        known = next((block for block in _reference_map._data_types.values() if block.__name__ == name), None)
    return known if hasattr(known, "__jsii_name_mapping__") else None


def _from_kernel(text: str, call: _Call) -> _Finding:
    """What the kernel, or the construct library in it, says."""
    message = text.strip().removeprefix("Error: ")
    first = message.splitlines()[0]
    if match := re.match(r"There is already a Construct with name '(.*)' in \w+(?: \[(.*)\])?", first):
        allowed = f"an id that nothing else in {match[2] or 'this scope'} has"
        return _Finding(f"the id {match[1]!r} is taken, allowed: {allowed}", "id_", repr(match[1]), allowed)
    if "Unable to deserialize" in first:
        steps, allowed, reason = _deepest(text)
        argument, value = _follow(steps, call)
        if missing := re.search(r"Missing required properties for \S+: (.*)", reason):
            needed = ", ".join(_snake(name) for name in re.findall(r"'(\w+)'", missing[1]))
            return _Finding(f"{argument} has no {needed}, which is required", argument, _show(value), needed)
        return _misfit(argument, value, allowed)
    if re.search(r"\b(empty ID|with id)\b", first):
        return _Finding(message, "id_", _show(call.arguments[1]) if len(call.arguments) > 1 else None)
    return _Finding(message)


def _deepest(text: str) -> tuple[list[str | int], str, str]:
    """Of the tree of reasons: the keys and indexes that lead to the failing value, its type, and the last reason.

    Where a value could have been one of several types, the branch is followed that got further than "not a token".
    """
    steps: list[str | int] = []
    expected, reason, depth = "", "", -1
    for line in text.splitlines():
        content = line.lstrip(" │├╰─")
        indent = len(line) - len(content)
        if re.search(r"\bcdkt[fn]\.IResolvable\] ", line) or indent <= depth:
            continue
        if match := re.search(r"(?:Key '(?P<key>[^']+)'|Index (?P<index>\d+)): (?P<rest>.*)", content):
            steps.append(match["key"] if match["key"] is not None else int(match["index"]))
            depth, content = indent, match["rest"]
        if match := re.search(r"Unable to deserialize value as (.*)", content):
            expected = match[1]
        reason = content
    return steps, _describe_jsii(expected), reason


def _follow(steps: Sequence[str | int], call: _Call) -> tuple[str, object]:
    """The argument that steps lead to, in Python's names, and its value."""
    argument, value = "", typing.cast(object, call.keywords)
    for step in steps:
        if isinstance(step, int):
            argument, value = f"{argument}[{step}]", value[step] if isinstance(value, (list, tuple)) else None
            continue
        name = step if isinstance(value, Mapping) and step in value else _snake(step)
        argument = f"{argument}.{name}" if argument else name
        value = value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)
    return argument, value


def _describe(hint: object) -> str:
    """A type in few words: ``str``, ``list of str``, ``bool or a token``."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Union:
        # None means "not given"; a block may be given as a dict, which its class stands for.
        options = [option for option in arguments if option is not type(None) and typing.get_origin(option) is not dict]
        words = sorted((_describe(option) for option in options), key=lambda word: word == "a token")
        return " or ".join(dict.fromkeys(words))
    if origin is not None and issubclass(origin, Mapping):
        return f"dict of {_describe(arguments[1])}"
    if origin is not None and issubclass(origin, Sequence):
        return f"list of {_describe(arguments[0])}"
    name = getattr(hint, "__name__", str(hint))
    return "a token" if name == "IResolvable" else name


def _describe_jsii(text: str) -> str:
    """The same of a type as jsii writes it: ``array<string> | cdktf.IResolvable | undefined``."""
    if match := re.fullmatch(r"(array|map)<(.*)>", text):
        return f"{'list' if match[1] == 'array' else 'dict'} of {_describe_jsii(match[2])}"
    if " | " in text:
        options = [_describe_jsii(option) for option in text.split(" | ") if option != "undefined"]
        return " or ".join(sorted(options, key=lambda word: word == "a token"))
    names = {"string": "str", "boolean": "bool", "number": "int or float", "IResolvable": "a token"}
    name = text.rpartition(".")[2]
    return names.get(name, name)


def _show(value: object, argument: str = "") -> str:
    """A value as Python writes it; in words what has no such form, and what may be a secret."""
    if hasattr(value, "__jsii_type__") or callable(value) or _SECRET.search(argument):
        return "None" if value is None else f"a value of type {type(value).__name__}"
    if isinstance(value, Mapping):
        return f"a dict with {', '.join(map(str, value)) or 'nothing'}"
    text = repr(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}..."


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()
