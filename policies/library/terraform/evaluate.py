"""The value of an expression. Unknown parts stay unknown, and known parts known as far as Terraform's rules allow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from policies.library.terraform import functions
from policies.library.terraform.conversions import (
    Fault,
    Unsorted,
    boolean,
    has_unknown_keys,
    items,
    join_text,
    key_of,
    mapping,
    text,
)
from policies.library.terraform.operations import (
    Keyless,
    attribute_of,
    grouped,
    index,
    negate,
    object_of,
    operate,
    pairs,
)
from policies.library.terraform.parse import parse_template
from policies.library.terraform.syntax import (
    SPLAT,
    Attribute,
    Body,
    Call,
    Conditional,
    For,
    Index,
    Literal,
    Name,
    Node,
    Object,
    Operation,
    Source,
    Splat,
    SyntaxFault,
    Template,
    Tuple,
    block_name,
)
from policies.library.values import OneOf, Reference, Repeated, Unknown, UnknownValue, Value, one_of, unknown_from


class Surroundings(Protocol):
    """What a module offers to expressions in it."""

    def named(self, space: str, name: str) -> Value:
        """`space.name`: a variable, local value, module call, path or resource. Raises Fault."""

    def data(self, type_: str, name: str) -> Value:
        """`data.type.name`. Raises Fault."""

    def member(self, of: Unknown, name: str) -> Value:
        """Attribute `name` of a resource, of a module call or of something unknown. Raises Fault."""

    def as_json(self, value: Value) -> Value:
        """The JSON text of a policy document that a data source makes; any other value as it is."""

    @property
    def root(self) -> Path:
        """The directory of the root module."""


@dataclass(frozen=True)
class Scope:
    """Where an expression stands: its module, and the names that hold only there (`each`, `count`, loop variables)."""

    module: Surroundings
    names: Mapping[str, Value]

    def with_names(self, names: Mapping[str, Value]) -> Scope:
        """This scope with more names."""
        return replace(self, names={**self.names, **names})


def evaluate(node: Node, scope: Scope) -> Value:
    """The value of an expression; unknown where Terraform would report an error, or whatever else goes wrong here."""
    try:
        return compute(node, scope)
    except Exception as error:  # fails closed: what is not understood is unknown, and that fails where it matters
        expression = node.text if isinstance(node, Source) else type(node).__name__.lower()
        return Unknown(expression, reason=str(error))


def compute(node: Node, scope: Scope) -> Value:
    """The value of an expression. Raises Fault, or what a function raises on arguments it is not made for."""
    work: Callable[[Any, Scope], Value] = _WORK[type(node)]
    return work(node, scope)


def _source(node: Source, scope: Scope) -> Value:
    value = compute(node.node, scope)
    return replace(value, expression=node.text) if isinstance(value, Unknown) and not value.expression else value


def _template(node: Template, scope: Scope) -> Value:
    parts = [compute(part, scope) for part in node.parts]
    unknown = [part.expression for part in parts if isinstance(part, Unknown)]
    return join_text(parts, f"text with {', '.join(dict.fromkeys(unknown))}")


def _name(node: Name, scope: Scope) -> Value:
    if node.name in scope.names:
        return scope.names[node.name]
    if node.name in ("True", "False"):  # not Terraform, but common in examples
        return node.name == "True"
    raise Fault(f"no value named {node.name}")


def body(node: Body, scope: Scope) -> Mapping[str, Value]:
    """The attributes and nested blocks of a body; blocks of one type are a tuple of mappings, dynamic ones expanded."""
    values: dict[str, Value] = {name: evaluate(value, scope) for name, value in node.attributes.items()}
    for name in dict.fromkeys(block_name(block) for block in node.blocks):
        nested = blocks(node, name, scope)
        before = values.get(name)
        values[name] = (*before, *nested) if isinstance(before, tuple) else nested
    return values


def blocks(node: Body, name: str, scope: Scope) -> tuple[Value, ...]:
    """The nested blocks of a name; an unknown one stands for an unknown number of them."""
    blocks: list[Value] = []
    for block in node.blocks:
        if block.type == name:
            blocks.append(body(block.body, scope))
        elif block.type == "dynamic" and block.labels == (name,):
            blocks.extend(_dynamic(name, block.body, scope))
    return tuple(blocks)


def _dynamic(name: str, node: Body, scope: Scope) -> Iterator[Value]:
    collection = evaluate(node.attributes["for_each"], scope) if "for_each" in node.attributes else Unknown(name)
    iterator = node.attributes.get("iterator")
    while isinstance(iterator, Source):
        iterator = iterator.node
    variable = iterator.name if isinstance(iterator, Name) else name
    if isinstance(iterator, Literal):
        variable = str(iterator.value)
    if isinstance(collection, Unknown):
        some = scope.with_names({variable: {"key": collection, "value": collection}})
        made = tuple(body(block.body, some) for block in node.blocks if block.type == "content")
        yield Repeated(f"dynamic {name}, for each of {collection.expression}", given=(collection, *made))
        return
    if not isinstance(collection, Mapping | tuple | None):
        yield Repeated(f"dynamic {name}, for each of what is no collection")
        return
    for key, value in pairs(collection):
        inner = scope.with_names({variable: {"key": key, "value": value}})
        for block in node.blocks:
            if block.type == "content":
                yield body(block.body, inner)


def _attribute(node: Attribute, scope: Scope) -> Value:
    match node.of:
        case Name(space) if space not in scope.names:
            return scope.module.named(space, node.name)
        case Attribute(Name("data"), type_) if "data" not in scope.names:
            return scope.module.data(type_, node.name)
        case Attribute(Name("resource"), type_) if "resource" not in scope.names:  # `resource.aws_vpc.main`
            return scope.module.named(type_, node.name)
    return _member(compute(node.of, scope), node.name, scope)


def _member(of: Value, name: str, scope: Scope) -> Value:
    if isinstance(of, OneOf):
        return one_of(*(_member(each, name, scope) for each in of.alternatives))
    return scope.module.member(of, name) if isinstance(of, Unknown) else attribute_of(of, name)


def _splat(node: Splat, scope: Scope) -> Value:
    of = compute(node.of, scope)
    if isinstance(of, Reference):
        of = (of,)
    if isinstance(of, Unknown):
        return unknown_from(of)
    if of is None:
        return ()
    if isinstance(of, Mapping) and of and all(isinstance(item, Reference) for item in of.values()):
        of = functions.PURE["values"](of)
    values = of if isinstance(of, tuple) else (of,)
    made = tuple(compute(node.each, scope.with_names({SPLAT: value})) for value in values)
    return Unsorted(made) if isinstance(values, Unsorted) else made


def _conditional(node: Conditional, scope: Scope) -> Value:
    condition = compute(node.condition, scope)
    if not isinstance(condition, Unknown):
        return compute(node.yes if boolean(condition) else node.no, scope)
    yes, no = evaluate(node.yes, scope), evaluate(node.no, scope)
    return yes if key_of(yes) == key_of(no) else one_of(yes, no, because=condition)


def _operation(node: Operation, scope: Scope) -> Value:
    lazy = node.operator in ("&&", "||")
    right = evaluate(node.right, scope) if lazy else compute(node.right, scope)
    if node.left is None:
        return negate(node.operator, right)
    return operate(node.operator, compute(node.left, scope), right)


def _for(node: For, scope: Scope) -> Value:
    collection = compute(node.collection, scope)
    if isinstance(collection, Reference) and not collection.attribute:  # a resource, of which nobody knows how many
        found: list[tuple[Value, Value]] = [(Unknown(f"a key of {collection.expression}"), collection)]
    elif isinstance(collection, Unknown):
        return unknown_from(collection)
    else:
        found = pairs(collection)
    chosen: list[Scope] = []
    undecided: list[Unknown] = []
    for key, value in found:
        inner = scope.with_names({node.first: value} if node.second is None else {node.first: key, node.second: value})
        wanted = True if node.condition is None else compute(node.condition, inner)
        if isinstance(wanted, Unknown):
            undecided.append(wanted)
        if isinstance(wanted, Unknown) or boolean(wanted):
            chosen.append(inner)
    if undecided:
        some = unknown_from(collection, *undecided)
        if node.key is None or node.groups:
            return some
        element = one_of(*(compute(node.value, inner) for inner in chosen), because=some)
        return Keyless("", some, element, made_of=some.made_of)
    if node.key is None:
        values = tuple(compute(node.value, inner) for inner in chosen)
        return Unsorted(values) if isinstance(collection, Unsorted) or has_unknown_keys(collection) else values
    made = [(compute(node.key, inner), compute(node.value, inner)) for inner in chosen]
    if isinstance(collection, Reference) and len(made) == 1 and not node.groups and node.condition is None:
        return Keyless("", collection, made[0][1])
    return grouped(made) if node.groups else object_of(made)


def _call(node: Call, scope: Scope) -> Value:
    if node.name in ("try", "can"):
        return _try(node, scope)
    arguments = [compute(argument, scope) for argument in node.arguments]
    if node.expands:
        last = arguments.pop()
        if isinstance(last, Unknown):
            return unknown_from(*arguments, last)
        arguments.extend(items(last))
    name = functions.plain_name(node.name)
    try:
        if name in functions.FILES:
            return functions.FILES[name](scope.module.root, *arguments)
        if name in ("templatefile", "templatestring"):
            return _rendered(name, scope, *arguments)
        if name in functions.OF_TEXT:
            arguments = [scope.module.as_json(argument) for argument in arguments]
        function = functions.PURE.get(name)
        if function is None:
            reason = f"what the function {node.name} gives is not worked out here"
            return Unknown("", reason=reason, given=tuple(arguments))
        value = function(*arguments)
        if type(value) is tuple and any(isinstance(each, Unsorted) for each in arguments):
            return Unsorted(value)
        return value
    except UnknownValue:
        return unknown_from(*arguments)


def _rendered(function: str, scope: Scope, template: Value, variables: Value) -> Value:
    """A template, or the one in a file, with variables."""
    if isinstance(template, Unknown):
        return unknown_from(template, variables)
    if function == "templatefile":
        template = functions.FILES["file"](scope.module.root, template)
    if isinstance(variables, Unknown):
        return unknown_from(template, variables)
    return render(text(template), variables, scope)


def render(template: str, variables: Value, scope: Scope) -> Value:
    """A template with nothing but its variables. Raises Fault."""
    try:
        return compute(parse_template(template), replace(scope, names=mapping(variables)))
    except SyntaxFault as fault:
        raise Fault(f"not a template: {fault}") from None


def _try(node: Call, scope: Scope) -> Value:
    for argument in node.arguments:
        try:
            value = compute(argument, scope)
        except (Fault, ArithmeticError, LookupError, TypeError, ValueError):  # what Terraform's try goes on after
            continue
        if node.name == "can":
            return True if isinstance(value, Reference) or not isinstance(value, Unknown) else unknown_from(value)
        return value
    if node.name == "can":
        return False
    raise Fault("nothing to try succeeded")


_WORK: Mapping[type, Callable[[Any, Scope], Value]] = {
    Literal: lambda node, _: node.value,
    Source: _source,
    Template: _template,
    Tuple: lambda node, scope: tuple(compute(item, scope) for item in node.items),
    Object: lambda node, scope: object_of([(compute(key, scope), compute(item, scope)) for key, item in node.items]),
    Body: body,
    Name: _name,
    Attribute: _attribute,
    Index: lambda node, scope: index(compute(node.of, scope), compute(node.key, scope)),
    Splat: _splat,
    Conditional: _conditional,
    Operation: _operation,
    For: _for,
    Call: _call,
}
