"""What the `lifecycle` block of a resource says, which Terraform takes as it is written and never works out."""

from __future__ import annotations

from collections.abc import Mapping

from policies.library.model import Lifecycle
from policies.library.terraform.syntax import Body, Literal, Node, Object, Source, Tuple


def lifecycle(body: Body) -> Lifecycle:
    """The lifecycle of a resource with this body, whether it is HCL or JSON."""
    said = next((each.body.attributes for each in body.blocks if each.type == "lifecycle"), None)
    if said is None:
        said = _object(body.attributes.get("lifecycle"))
    return Lifecycle(
        ignores=_texts(said.get("ignore_changes")),
        replaced_with=_texts(said.get("replace_triggered_by")),
        prevents_destroy="true" in _texts(said.get("prevent_destroy")),
    )


def _object(node: Node | None) -> Mapping[str, Node]:
    """The lifecycle as JSON has it: an object, or a list of one."""
    node = node.node if isinstance(node, Source) else node
    if isinstance(node, Tuple):
        return _object(next(iter(node.items), None))
    items = node.items if isinstance(node, Object) else ()
    return {str(key.value): value for key, value in items if isinstance(key, Literal)}


def _texts(node: Node | None) -> tuple[str, ...]:
    """How the items of a list are written; a single one counts as a list."""
    inner = node.node if isinstance(node, Source) else node
    if isinstance(inner, Tuple):
        return tuple(text for each in inner.items for text in _texts(each))
    if isinstance(inner, Literal):
        return (str(inner.value).lower() if isinstance(inner.value, bool) else str(inner.value),)
    return (node.text,) if isinstance(node, Source) else ()
