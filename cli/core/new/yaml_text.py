"""Adding to YAML text without touching what is there: comments, order, quotes and every other line stay."""

from __future__ import annotations

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from cli.core.new.refusals import DoesNotFit

Path = tuple[str, ...]


def with_entry(text: str, path: Path, entry: str) -> str:
    """A document with one more entry in the mapping at `path`, whose missing keys are added.

    `entry` is lines without indentation. Raises `DoesNotFit` where the mapping is not written as lines.
    """
    node, missing = _nearest(text, path)
    if not isinstance(node, MappingNode) or node.flow_style or not node.value:
        raise DoesNotFit(f"{_dotted(path, missing)} is not written as lines of its own, so nothing can be added to it")
    for step in reversed(missing):
        entry = f"{step}:\n{_indented(entry, 2)}"
    last = node.value[-1]
    return _inserted(text, _end(last[1]) or last[0].end_mark.index, _indented(entry, last[0].start_mark.column))


def with_item(text: str, path: Path, item: str) -> str:
    """A document with one more item in the list at `path`, which is made when missing. Raises `DoesNotFit`."""
    node, missing = _nearest(text, path)
    if missing:
        return with_entry(text, path[:-1], f"{path[-1]}: [{item}]\n")
    if not isinstance(node, SequenceNode):
        raise DoesNotFit(f"{_dotted(path, ())} is no list, so nothing can be added to it")
    if node.flow_style:
        at = node.end_mark.index - 1
        return f"{text[:at]}{', ' if node.value else ''}{item}{text[at:]}"
    return _inserted(text, _end(node.value[-1]), f"{' ' * node.start_mark.column}- {item}\n")


def _nearest(text: str, path: Path) -> tuple[Node | None, Path]:
    """The node at a path, or the nearest one around it, and the rest of the path."""
    node = YAML().compose(text)
    for index, step in enumerate(path):
        inner = (value for key, value in node.value if key.value == step) if isinstance(node, MappingNode) else ()
        child = next(iter(inner), None)
        if child is None:
            return node, path[index:]
        node = child
    return node, ()


def _end(node: Node) -> int:
    """Where the last text of a value ends; 0 for a value without text."""
    if isinstance(node, MappingNode) and not node.flow_style and node.value:
        key, value = node.value[-1]
        return _end(value) or int(key.end_mark.index)
    if isinstance(node, SequenceNode) and not node.flow_style and node.value:
        return _end(node.value[-1])
    return int(node.end_mark.index) if node.end_mark.index > node.start_mark.index else 0


def _inserted(text: str, end: int, lines: str) -> str:
    """A document with lines after the one in which a value ends."""
    newline = text.find("\n", end)
    if newline < 0:
        return f"{text}\n{lines}"
    return f"{text[: newline + 1]}{lines}{text[newline + 1 :]}"


def _indented(lines: str, width: int) -> str:
    return "".join(f"{' ' * width}{line}\n" for line in lines.splitlines())


def _dotted(path: Path, missing: Path) -> str:
    return ".".join(path[: len(path) - len(missing)]) or "the file"
