"""A Terraform plan in JSON as a `Configuration`. Format: Terraform's "JSON Output Format", `terraform show -json`.

A plan has values where they are known and says which are not (`after_unknown`); what an unknown value refers to stands
in the configuration part, without functions and local values. So text that is partly unknown is unknown as a whole.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from policies.library.gaps import Gap, GapKind
from policies.library.model import Block, Configuration, Resource
from policies.library.terraform.addresses import without_indexes
from policies.library.terraform.operations import link
from policies.library.terraform.plan_locals import may_lead_to
from policies.library.terraform.read_back import ReadBack
from policies.library.values import Reference, Unknown, Value, freeze

_MODULE = re.compile(r'module\.([^.\[]+)((?:\[(?:\d+|"(?:[^"\\]|\\.)*")\])?)\.')
_RESOURCE = re.compile(r'((?:data\.)?[^.\[]+\.[^.\[]+(?:\[(?:\d+|"(?:[^"\\]|\\.)*")\])?)(?:\.(.*))?')
_ONLY_A_REFERENCE = re.compile(r"\$\{[^}]*\}")
_NO_RESOURCE = ("var.", "local.", "module.", "each.", "count.", "path.", "terraform.", "self.")

_UNWRITTEN: Mapping[str, Any] = {"references": []}
"""How something is written that the plan does not tell: what a dynamic block makes."""
_NEVER_CHOSEN_BY_AWS = frozenset(
    {
        "authenticate_oidc",
        "block_device_mappings",
        "broker_node_group_info",
        "condition",
        "custom_origin_config",
        "default_action",
        "delivery_options",
        "efs_volume_configuration",
        "forward",
        "jwt_configuration",
        "listener",
        "not_principals",
        "origin",
        "policy_attribute",
        "principals",
        "redirect",
        "rule",
        "statement",
        "target_group",
        "tls",
        "volume",
    }
)
"""Blocks that are there only if somebody wrote them: unknown ones that a plan does not show as written are dynamic."""
_SHARED = "shared"
_NO_LOCALS = "a plan does not show local values"
_DEEPEST = 20
"""Steps through arguments and outputs of modules, after which they are taken to be endless."""


_NAMES_WHOLE = re.compile(
    r"(?:.*_)?(?:arn|bucket|destination_stream|domain|function_name|group|groups|id|identifier|ids|instance|key|name|"
    r"names|parent|queue_url|repository|role|roles|subnets|target|topic|user|users|vpc|arns|identifiers)"
)
"""The arguments that take something as it is: an id, an ARN, a name. Text is made for all others, such as policies and
networks, and a plan does not tell what it says beside what it refers to."""


def load_plan(plan: Mapping[str, Any], file: str) -> Configuration:
    """The configuration that a plan leads to."""
    return _Plan(plan, file).configuration()


@dataclass(frozen=True)
class _Place:
    """A module in a plan: its address with indexes, empty or ending with a dot; and the resource instance that asks."""

    address: str
    index: str = ""
    """The asking instance's index in brackets, such as `[0]`."""
    each: tuple[str, ...] = ()
    """What its for_each refers to."""
    argument: str = ""
    """The argument that is looked at."""

    @property
    def calls(self) -> tuple[str, ...]:
        """The names of the module calls on the way to it."""
        return tuple(found[1] for found in _MODULE.finditer(self.address))

    @property
    def parent(self) -> _Place:
        """The module that calls it."""
        steps = [found[0] for found in _MODULE.finditer(self.address)]
        return _Place("".join(steps[:-1]))


class _Plan:
    def __init__(self, plan: Mapping[str, Any], file: str) -> None:
        self.root: Mapping[str, Any] = (plan.get("configuration") or {}).get("root_module") or {}
        self.plan = plan
        self.file = file
        self.unknown = {
            each["address"]: (each.get("change") or {}).get("after_unknown") or {}
            for each in plan.get("resource_changes") or ()
        }
        self.read_back = ReadBack(plan.get("resource_changes") or ())
        read = ((plan.get("prior_state") or {}).get("values") or {}).get("root_module") or {}
        planned = (plan.get("planned_values") or {}).get("root_module") or {}
        self.planned = {each["address"]: (place, each) for place, each in _resources(read, "") if _is_data(each)}
        self.planned.update({each["address"]: (place, each) for place, each in _resources(planned, "")})
        self.declarations: dict[tuple[str, ...], dict[tuple[str, str, bool], Mapping[str, Any]]] = {}
        """The resources in the configuration of a module, which is reached by some calls."""
        self.by_declaration: dict[str, list[str]] = {}
        for address in sorted(self.planned):
            self.by_declaration.setdefault(without_indexes(address), []).append(address)

    def configuration(self) -> Configuration:
        resources = {address: self.resource(address) for address in sorted(self.planned)}
        moved = {
            each["previous_address"]: each["address"]
            for each in self.plan.get("resource_changes") or ()
            if each.get("previous_address")
        }
        forgotten = frozenset(
            each["address"]
            for each in self.plan.get("resource_changes") or ()
            if each["change"].get("actions") == ["forget"]
        )
        gaps, providers = tuple(self.gaps()), self.providers()
        return Configuration(resources, gaps, providers=providers, moved=moved, forgotten=forgotten)

    def providers(self) -> Mapping[str, Block]:
        """The root module's configurations of providers, as far as they are constants and variables."""
        variables = self.plan.get("variables") or {}
        found = {}
        for key, provider in sorted(((self.plan.get("configuration") or {}).get("provider_config") or {}).items()):
            if "module_address" not in provider:
                attributes = {
                    name: _of_provider(expression, variables)
                    for name, expression in (provider.get("expressions") or {}).items()
                }
                found[key] = Block(attributes, f"provider {key}")
        return found

    def gaps(self) -> Iterator[Gap]:
        """What the plan leaves to a later one."""
        for each in self.plan.get("deferred_changes") or ():
            address = str((each.get("resource_change") or {}).get("address"))
            reason = each.get("reason", "of no reason given")
            yield Gap(GapKind.VALUES, address, f"{address}: the plan defers it because {reason}")

    def resource(self, address: str) -> Resource:
        module, planned = self.planned[address]
        declared = self.declared(module, planned)
        index = re.search(r"\[[^.]*\]$", address)
        each = (declared.get("for_each_expression") or {}).get("references") or ()
        place = _Place(module.address, index[0] if index else "", tuple(each))
        written = declared.get("expressions") or {}
        values = self.read_back.without(planned["type"], planned.get("values") or {}, written)
        attributes = self.value(values, self.unknown.get(address) or {}, written, place)
        assert isinstance(attributes, Mapping)
        return Resource(
            attributes={name: value for name, value in attributes.items() if value is not None},
            place=address,
            address=address,
            type=f"data.{planned['type']}" if _is_data(planned) else planned["type"],
            name=planned["name"],
            file=self.file,
            provider=str(declared.get("provider_config_key") or ""),
        )

    def module(self, place: _Place) -> Mapping[str, Any]:
        """The configuration of a module."""
        module = self.root
        for name in place.calls:
            module = ((module.get("module_calls") or {}).get(name) or {}).get("module") or {}
        return module

    def declared(self, place: _Place, planned: Mapping[str, Any]) -> Mapping[str, Any]:
        known = self.declarations.get(place.calls)
        if known is None:
            known = self.declarations[place.calls] = {}
            for each in self.module(place).get("resources") or ():
                known.setdefault((each["type"], each["name"], _is_data(each)), each)
        return known.get((planned["type"], planned["name"], _is_data(planned)), {})

    def value(self, known: Any, unknown: Any, expression: Any, place: _Place) -> Value:
        """A planned value merged with what is unknown about it and with how it is written."""
        if unknown is True:
            return self.unknown_value(expression, place)
        if isinstance(known, Mapping) or (known is None and isinstance(unknown, Mapping) and unknown):
            fields = known or {}
            holes = unknown if isinstance(unknown, Mapping) else {}
            return {
                name: self.value(
                    fields.get(name), holes.get(name), _inner(expression, name), replace(place, argument=name)
                )
                for name in dict.fromkeys([*fields, *holes])
            }
        if isinstance(known, list) or (known is None and isinstance(unknown, list) and unknown):
            gaps = unknown if isinstance(unknown, list) else []
            return self.listed(known or [], gaps, _UNWRITTEN if expression is None else expression, place)
        own = isinstance(expression, Mapping) and _SHARED not in expression
        found = self.references(expression, place) if isinstance(known, str) and own else []
        return link(known, found[0]) if len(found) == 1 and found[0].attribute else known

    def listed(self, items: list[Any], gaps: list[Any], expression: Any, place: _Place) -> Value:
        """A list of blocks or values. If as many references are written as elements are unknown, each has its own."""
        values: list[Value] = []
        references = self.references(expression, place)
        own = iter(references if len(references) == gaps.count(True) else ())
        for at in range(max(len(items), len(gaps))):
            reference = next(own, None) if _at(gaps, at) is True else None
            if reference is not None:
                values.append(reference)
            else:
                written = _block_of(expression, _at(items, at)) if isinstance(expression, list) else expression
                written = _shared(written) if len(items) > 1 else written
                values.append(self.value(_at(items, at), _at(gaps, at), written, place))
        return tuple(values)

    def unknown_value(self, expression: Any, place: _Place) -> Value:
        """See `unknown_reference`. Of text that is made of references a plan tells nothing else, unless it is of a
        configuration in JSON: it equals what is in this plan alone."""
        value = self.unknown_reference(expression, place)
        if _NAMES_WHOLE.fullmatch(place.argument):
            return value
        text = expression.get("constant_value") if isinstance(expression, Mapping) else None
        return _given(value, text if isinstance(text, str) else self.digest)

    @cached_property
    def digest(self) -> str:
        """The digest of the plan."""
        return hashlib.sha256(json.dumps(self.plan, sort_keys=True).encode()).hexdigest()

    def unknown_reference(self, expression: Any, place: _Place) -> Value:
        """What an unknown value refers to; None where nothing is written, so that AWS decides.

        Nothing is written too where all is known that an expression is made of: if it were not null, it would be known.
        Text around references is never null: `infra plan` takes it for unknown also where it is known.
        """
        names = _names(expression)
        if expression is None or (names and not _is_template(expression) and self.are_known(names, place, 0)):
            return None
        references = self.references(expression, place)
        locals_ = [name for name in names if name.startswith("local.")]
        if locals_ and not references:
            return self.through_locals(", ".join(names), place)
        if locals_:
            return Unknown(", ".join(names), reason=_NO_LOCALS)
        if len(references) == 1:
            return references[0]
        if references:
            return tuple(references)
        return Unknown(", ".join(names) or "an expression")

    def through_locals(self, expression: str, place: _Place) -> Value:
        """What local values lead to: references, if there is only one resource that an argument of this name takes."""
        targets = may_lead_to(place.argument, self.plan)
        if not targets:
            return Unknown(expression, reason=_NO_LOCALS)
        found = [
            Reference(f"{address}.{attribute}", address, attribute)
            for resource, attribute in targets
            for address in self.instances(resource, place.index if "count.index" in expression else "")
        ]
        if len(targets) > 1 or (len(found) > 1 and not place.argument.endswith("s")):
            return Unknown(expression, reason=_NO_LOCALS, made_of=tuple(found))
        return found[0] if len(found) == 1 else tuple(found)

    def is_known(self, name: str, place: _Place, depth: int) -> bool:
        """Whether all is known that one referenced name leads to: constants and variables, and what is planned."""
        if depth > _DEEPEST or name.startswith("local."):
            return False
        if name.startswith(("each.key", "count.", "path.", "terraform.")):
            return True
        if name.startswith("each.value"):
            return self.are_known(place.each, place, depth)
        if name.startswith("var."):
            return not place.address or self.are_known(self.argument(name, place), place.parent, depth)
        if step := _MODULE.match(name):
            inner = _Place(f"{place.address}{step[0]}")
            return self.are_known(self.output(f"o.{name[step.end() :]}", inner), inner, depth)
        match = _RESOURCE.fullmatch(name)
        addresses = self.instances(f"{place.address}{match[1]}", place.index) if match else []
        attribute = re.split(r"[.\[]", match[2] or "")[0] if match else ""
        return bool(attribute and addresses) and all(
            attribute in (self.planned[address][1].get("values") or {})
            and not self.unknown.get(address, {}).get(attribute)
            for address in addresses
        )

    def are_known(self, names: Iterable[str], place: _Place, depth: int) -> bool:
        """Whether all is known that several names lead to; `a.b` says nothing where `a.b.c` is a name too."""
        return all(self.is_known(name, place, depth + 1) for name in _longest(names))

    def argument(self, variable: str, place: _Place) -> list[str]:
        """What the argument for a variable of a called module refers to, in the module that calls."""
        call = (self.module(place.parent).get("module_calls") or {}).get(place.calls[-1]) or {}
        return _names((call.get("expressions") or {}).get(_first(variable)))

    def output(self, name: str, place: _Place) -> list[str]:
        """What an output of a module refers to, in the module."""
        return _names(((self.module(place).get("outputs") or {}).get(_first(name)) or {}).get("expression"))

    def references(self, expression: Any, place: _Place) -> list[Reference]:
        """The resources that an expression refers to."""
        names = _names(expression)
        asking = place if any(name.startswith(("count.", "each.")) for name in names) else replace(place, index="")
        found = [each for name in _longest(names) for each in self.follow(name, asking, 0)]
        return list({each.expression: each for each in found}.values())

    def follow(self, name: str, place: _Place, depth: int) -> Iterator[Reference]:
        """The resources that one referenced name leads to, through arguments and outputs of modules."""
        if depth > _DEEPEST:
            return
        if name.startswith("each.value"):
            attribute = name.removeprefix("each.value").removeprefix(".")
            for found in self.all_of(place.each, place, depth):
                yield Reference(f"{found.address}.{attribute}", found.address, attribute)
        elif name.startswith("var.") and place.address:
            yield from self.all_of(self.argument(name, place), place.parent, depth)
        elif step := _MODULE.match(name):
            inner = _Place(f"{place.address}{step[0]}")
            yield from self.all_of(self.output(f"o.{name[step.end() :]}", inner), inner, depth)
        elif not name.startswith(_NO_RESOURCE) and (match := _RESOURCE.fullmatch(name)):
            attribute = match[2] or ""
            for address in self.instances(f"{place.address}{match[1]}", place.index):
                yield Reference(f"{address}.{attribute}" if attribute else address, address, attribute)

    def all_of(self, names: Iterable[str], place: _Place, depth: int) -> Iterator[Reference]:
        """The resources that several names lead to."""
        for name in _longest(names):
            yield from self.follow(name, place, depth + 1)

    def instances(self, address: str, index: str) -> list[str]:
        """The addresses of a resource's instances: itself, the one with the asking instance's index, or all of them."""
        for each in (address, f"{address}{index}"):
            if each in self.planned:
                return [each]
        return self.by_declaration.get(without_indexes(address), [])


def _given(value: Value, text: str) -> Value:
    """A value that is made of a text too, as far as it is unknown."""
    if isinstance(value, tuple):
        return tuple(_given(each, text) for each in value)
    return replace(value, given=(text,)) if isinstance(value, Unknown) else value


def _resources(module: Mapping[str, Any], address: str) -> Iterator[tuple[_Place, Mapping[str, Any]]]:
    for each in module.get("resources") or ():
        yield _Place(address), each
    for child in module.get("child_modules") or ():
        yield from _resources(child, f"{child['address']}.")


def _is_data(resource: Mapping[str, Any]) -> bool:
    return resource.get("mode") == "data"


def _of_provider(expression: Any, variables: Mapping[str, Any]) -> Value:
    """What an argument of a provider is."""
    if isinstance(expression, list):
        blocks = [each for each in expression if isinstance(each, Mapping)]
        return tuple({name: _of_provider(each, variables) for name, each in block.items()} for block in blocks)
    if isinstance(expression, Mapping) and "constant_value" in expression:
        return freeze(expression["constant_value"])
    names = _names(expression)
    if len(names) == 1 and names[0].startswith("var.") and names[0][4:] in variables:
        return freeze(variables[names[0][4:]].get("value"))
    return Unknown(", ".join(names) or "an argument of a provider")


def _names(expression: Any) -> list[str]:
    """What an expression refers to; a plan writes those of nested blocks further inside."""
    names = expression.get("references") if isinstance(expression, Mapping) else None
    return names if isinstance(names, list) else []


def _is_template(expression: Mapping[str, Any]) -> bool:
    """Whether an expression is text around references; of configurations in JSON a plan tells the text."""
    text = expression.get("constant_value")
    return isinstance(text, str) and not _ONLY_A_REFERENCE.fullmatch(text)


def _longest(names: Iterable[str]) -> list[str]:
    """The names that are not the beginning of another: Terraform lists `a.b.c` and `a.b` for one reference."""
    listed = list(names)
    return [name for name in listed if not any(_extends(other, name) for other in listed)]


def _extends(longer: str, name: str) -> bool:
    return longer != name and longer.startswith((f"{name}.", f"{name}["))


def _first(name: str) -> str:
    """The name after the first dot, without what follows it."""
    return re.split(r"[.\[]", name, maxsplit=2)[1]


def _inner(expression: Any, name: str) -> Any:
    """How an attribute of a block is written. Of blocks that are attributes (ingress, route) a plan tells it as one."""
    if isinstance(expression, Mapping) and "references" not in expression:
        return expression.get(name, _UNWRITTEN if name in _NEVER_CHOSEN_BY_AWS else None)
    return _shared(expression)


def _shared(expression: Any) -> Any:
    """An expression of which a value is only a part: what it refers to need not be what the value is from."""
    is_one = isinstance(expression, Mapping) and "references" in expression
    return {**expression, _SHARED: True} if is_one else expression


def _at(listed: list[Any], at: int) -> Any:
    return listed[at] if at < len(listed) else None


def _block_of(written: list[Any], item: Any) -> Any:
    """How one of several blocks is written. Values of sets are not in the order of the blocks that wrote them.

    That is the block whose constants the value has; if several have, what any of them refers to.
    """
    if not isinstance(item, Mapping):
        return written[0] if len(written) == 1 else _UNWRITTEN
    candidates = [each for each in written if isinstance(each, Mapping) and _has_constants(each, item)]
    if len(candidates) == 1:
        return candidates[0]
    joined: dict[str, Any] = {}
    for each in candidates:
        for name, expression in each.items():
            names = [*_names(joined.get(name)), *_names(expression)]
            joined[name] = {"references": names} if names else expression
    return joined or _UNWRITTEN


def _has_constants(written: Mapping[str, Any], item: Mapping[str, Any]) -> bool:
    """Whether a value has the constants of a block; in blocks of JSON, a text with references in it is told as one."""
    return all(
        _comparable(expression["constant_value"]) == _comparable(item[name])
        for name, expression in written.items()
        if isinstance(expression, Mapping)
        and "constant_value" in expression
        and not expression.get("references")
        and item.get(name) is not None
    )


def _comparable(value: Any) -> Any:
    """A value without what a plan may change about it: the order of sets, numbers and booleans given as text."""
    return sorted(map(_comparable, value)) if isinstance(value, list) else str(value).lower()
