"""Ways to hide a part of a configuration, as it is where that part is written elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import partial
from typing import Any

from policies.library.model import Configuration
from policies.library.terraform.files import Declaration, Directory
from policies.library.terraform.load import configuration_of
from policies.library.terraform.module import World
from policies.library.terraform.syntax import Attribute, Body, Conditional, Literal, Name, Node, Object

IN_A_MODULE = "a resource in a module that is not here"
LOOKED_UP = "a resource that is looked up"
_HIDDEN = Attribute(Name("var"), "hidden")
_FOUND = frozenset(
    {
        "aws_ami", "aws_cloudwatch_log_group", "aws_db_instance", "aws_dynamodb_table", "aws_ec2_managed_prefix_list",
        "aws_efs_file_system", "aws_iam_role", "aws_instance", "aws_internet_gateway", "aws_kinesis_stream",
        "aws_kms_key",
        "aws_launch_template", "aws_lb", "aws_lb_listener", "aws_lb_target_group", "aws_mq_broker", "aws_msk_cluster",
        "aws_nat_gateway", "aws_network_interface", "aws_prefix_list", "aws_route_table", "aws_s3_bucket",
        "aws_secretsmanager_secret", "aws_security_group", "aws_sns_topic", "aws_sqs_queue", "aws_vpc",
        "aws_vpc_endpoint",
    }
)  # fmt: skip
"""Types of resources that a data source finds. A subnet is what the names in the look-up say."""


@dataclass(frozen=True)
class Hidden:
    """A configuration of which a part is hidden, and which part."""

    part: str
    address: str
    """The resource that it is a part of; empty for the default of a variable."""
    directory: Directory

    def configuration(self) -> Configuration:
        """What the rules see of it."""
        return configuration_of(World(self.directory))


def ways_to_hide(directory: Directory) -> Iterator[Callable[[], Hidden]]:
    """Each way to hide one part.

    A resource is looked up, in a module that is not here, or is of unknown number; nobody says a constant or default,
    or whether something refers to a resource.
    """
    for key in directory.resources:
        if not key[0].startswith("data."):
            if key[0] in _FOUND and _is_alone(directory.resources[key].body):
                yield partial(_looked_up, directory, key)
            yield partial(_in_a_module, directory, key)
            if not {"count", "for_each"} & set(directory.resources[key].body.attributes):
                yield partial(_of_unknown_number, directory, key)
        body = directory.resources[key].body
        for at in range(_count(body, _is_constant)):
            yield partial(_not_said, directory, key, at)
        for at in range(_count(body, _is_reference)):
            yield partial(_perhaps_referring, directory, key, at)
    for name, variable in directory.variables.items():
        if "default" in variable.body.attributes:
            yield partial(_without_default, directory, name)


def _looked_up(directory: Directory, key: tuple[str, str]) -> Hidden:
    type_, name = key
    declaration = replace(directory.resources[key], labels=(f"data.{type_}", name), body=Body())
    resources = {other: each for other, each in directory.resources.items() if other != key}
    found = Attribute(Attribute(Name("data"), type_), name)
    hidden = _with(directory, {**resources, (f"data.{type_}", name): declaration})
    return Hidden(LOOKED_UP, f"{type_}.{name}", _referring(hidden, key, found))


def _in_a_module(directory: Directory, key: tuple[str, str]) -> Hidden:
    type_, name = key
    declaration = directory.resources[key]
    arguments = {f"a{at}": node for at, node in enumerate(_expressions(declaration.body))}
    body = Body({"source": Literal("elsewhere/hidden/aws"), **arguments})
    hidden = _with(directory, {other: each for other, each in directory.resources.items() if other != key})
    hidden.calls["hidden"] = Declaration(("hidden",), body, declaration.file)
    return Hidden(IN_A_MODULE, f"{type_}.{name}", _referring(hidden, key, Attribute(Name("module"), "hidden")))


def _of_unknown_number(directory: Directory, key: tuple[str, str]) -> Hidden:
    declaration = directory.resources[key]
    body = replace(declaration.body, attributes={"count": _HIDDEN, **declaration.body.attributes})
    resources = {**directory.resources, key: replace(declaration, body=body)}
    return Hidden("a number", ".".join(key), _with(directory, resources))


def _not_said(directory: Directory, key: tuple[str, str], at: int) -> Hidden:
    body, said = _with_another(directory.resources[key].body, at, _is_constant, lambda node: _HIDDEN)
    return Hidden(str(said.value), ".".join(key), _of_body(directory, key, body))


def _perhaps_referring(directory: Directory, key: tuple[str, str], at: int) -> Hidden:
    def perhaps(node: Node) -> Node:
        return Conditional(_HIDDEN, node, Literal(None))

    body, referred = _with_another(directory.resources[key].body, at, _is_reference, perhaps)
    return Hidden(f"whether it refers to {referred.of.of.name}", ".".join(key), _of_body(directory, key, body))


def _with_another(
    body: Body, at: int, is_meant: Callable[[Any], bool], instead: Callable[[Node], Node]
) -> tuple[Body, Any]:
    """A body with something instead of one of the nodes that are meant, and that node."""
    count = iter(range(at + 1))
    found: list[Any] = []

    def change(node: Any) -> Any:
        if is_meant(node) and next(count, None) == at:
            found.append(node)
            return instead(node)
        return node

    return rewritten(body, change), found[0]


def _of_body(directory: Directory, key: tuple[str, str], body: Body) -> Directory:
    return _with(directory, {**directory.resources, key: replace(directory.resources[key], body=body)})


def _without_default(directory: Directory, name: str) -> Hidden:
    hidden = _with(directory, directory.resources)
    hidden.variables[name] = Declaration((name,), Body(), directory.variables[name].file)
    return Hidden(f"the default of {name}", "", hidden)


def _with(directory: Directory, resources: Mapping[tuple[str, str], Declaration]) -> Directory:
    file = next(iter(directory.resources.values())).file
    variables = {**directory.variables, "hidden": Declaration(("hidden",), Body(), file)}
    return replace(directory, resources=dict(resources), variables=variables, calls=dict(directory.calls))


def _referring(directory: Directory, key: tuple[str, str], to: Node) -> Directory:
    """A directory in which what refers to a resource refers to something else."""
    old = Attribute(Name(key[0]), key[1])

    def change(node: Any) -> Any:
        return to if node == old else node

    return replace(
        directory,
        resources={key: replace(each, body=rewritten(each.body, change)) for key, each in directory.resources.items()},
        locals={name: rewritten(node, change) for name, node in directory.locals.items()},
        calls={name: replace(each, body=rewritten(each.body, change)) for name, each in directory.calls.items()},
    )


def _is_alone(body: Body) -> bool:
    """Whether a resource refers to no other, which what is made elsewhere cannot do, and declares nothing in blocks."""
    found: list[Any] = []

    def see(node: Any) -> Any:
        match node:
            case Attribute(Name(type_), _) if "_" in type_:
                found.append(node)
        return node

    rewritten(body, see)
    return not found and not body.blocks


def _is_constant(node: Any) -> bool:
    return isinstance(node, Literal) and node.value not in (None, "")


def _is_reference(node: Any) -> bool:
    """Whether a part of an expression is an attribute of a resource."""
    match node:
        case Attribute(Attribute(Name(type_), _), _):
            return "_" in type_
    return False


def _count(body: Body, is_meant: Callable[[Any], bool]) -> int:
    """How many of its parts are meant."""
    count = 0

    def see(node: Any) -> Any:
        nonlocal count
        count += is_meant(node)
        return node

    rewritten(body, see)
    return count


def _expressions(body: Body) -> Iterator[Node]:
    yield from body.attributes.values()
    for block in body.blocks:
        yield from _expressions(block.body)


def rewritten(node: Any, change: Callable[[Any], Any]) -> Any:
    """A part of a syntax tree with what `change` makes of each part of it; keys of objects stay."""
    changed = change(node)
    if changed is not node:
        return changed
    if isinstance(node, Object):
        return Object(tuple((key, rewritten(value, change)) for key, value in node.items))
    if isinstance(node, tuple):
        return tuple(rewritten(each, change) for each in node)
    if isinstance(node, Mapping):
        return {key: rewritten(each, change) for key, each in node.items()}
    if is_dataclass(node) and not isinstance(node, type):
        return type(node)(**{each.name: rewritten(getattr(node, each.name), change) for each in fields(node)})
    return node
