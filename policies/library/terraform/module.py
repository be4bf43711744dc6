"""A root module and the modules it calls: variables, local values, outputs and resources, worked out when asked for."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from policies.library.gaps import Gap, GapKind
from policies.library.model import Block
from policies.library.terraform import policy_document
from policies.library.terraform.addresses import without_indexes
from policies.library.terraform.conversions import Fault, UnknownKey, boolean, is_name, number
from policies.library.terraform.evaluate import Scope, body, evaluate
from policies.library.terraform.files import Directory, read_directory
from policies.library.terraform.instance import Instance
from policies.library.terraform.operations import Keyless, key_value, link
from policies.library.terraform.syntax import Attribute, Body, Literal, Name, Node, Object, Source
from policies.library.terraform.types import converted
from policies.library.values import Input, ModuleOutput, Partial, Reference, Unknown, UnknownValue, Value, label_of

_NOT_GIVEN = Unknown("a variable that is not set")
_NO_VALUE = "the variable has no value here"
CALL_ARGUMENTS = frozenset({"count", "depends_on", "for_each", "providers", "source", "version"})
"""What a module call has that is no argument for a variable."""
_COUNTS = frozenset({"count", "for_each"})
"""Those of them that say how often it is called, and with what."""
_ELEMENT = re.compile(r"\[\d+\]$")
"""How an attribute ends that is one element of a list: `names[0]`."""
MOST = 10_000
"""Instances that one resource or module call may have."""
REGION = "data.aws_region"
"""The data source that tells the region in which a configuration of the provider makes things."""
DEEPEST = 12
"""Module calls in module calls, after which they are taken to be endless."""


@dataclass(frozen=True, eq=False)
class ModuleValue(Unknown):
    """A module call's instance as a value: its attributes are the module's outputs."""

    module: Module


class Module:
    """One instance of a module. `arguments` work out what its call sets, None for the root.

    `counts` are the unknown expressions that decide how many instances of it there are; see `Resource.number_unknown`.
    """

    def __init__(
        self,
        directory: Directory,
        address: str,
        arguments: Mapping[str, Callable[[], Value]] | None,
        world: World,
        counts: frozenset[str] = frozenset(),
        provider: Callable[[str], str] = str,
    ) -> None:
        self.directory = directory
        self.address = address
        self.counts = counts
        self._arguments = arguments
        self._provider = provider
        self._world = world
        self._memory: dict[tuple[str, str], Value] = {}
        self._scope = Scope(self, {})

    def instances(self) -> None:
        """Work out every resource's instances, here and in the modules called, so that the world knows them all."""
        moves = ((old, new) for old, new in self.directory.moved if old and new)
        self._world.moved |= {f"{self.address}{old}": f"{self.address}{new}" for old, new in moves}
        self._world.forgotten |= {f"{self.address}{each}" for each in self.directory.forgotten if each}
        for type_, name in sorted(self.directory.resources):
            self.resource(type_, name)
        for name in sorted(self.directory.calls):
            called = self.call(name)
            for each in _members(called):
                if isinstance(each, ModuleValue):
                    each.module.instances()

    def providers(self) -> Mapping[str, Block]:
        """The configurations of providers, by name and alias."""
        found = {}
        for declaration in self.directory.providers:
            attributes = body(declaration.body, self._scope)
            alias = attributes.get("alias")
            key = f"{declaration.labels[0]}.{alias}" if isinstance(alias, str) else declaration.labels[0]
            found[key] = Block(attributes, f"provider {key}")
        return found

    def provider(self, name: str) -> str:
        """A configuration of a provider as the root module calls it; one that a module has itself with its address."""
        own = self.providers() if self.address and self.directory.providers else {}
        is_own = (name or "aws") in own and own[name or "aws"].has("region")  # one without arguments passes on another
        return f"{self.address[:-1]}:{name or 'aws'}" if is_own else self._provider(name)

    def _passed(self, body: Body, name: str) -> str:
        """A configuration that a called module names, as the root module calls what it is given or inherits."""
        given = _names_of_providers(body.attributes.get("providers")).get(name or "aws", name)
        return self.provider("" if given == "aws" else given)

    # what expressions can name

    def named(self, space: str, name: str) -> Value:
        """See `Surroundings`."""
        match space:
            case "var":
                return self._remember("var", name, lambda: self._variable(name))
            case "local":
                if name not in self.directory.locals:
                    return Unknown(f"local.{name}", reason="no such local value is declared")
                return self._remember("local", name, lambda: evaluate(self.directory.locals[name], self._scope))
            case "module":
                return self.call(name)
            case "path":
                return str(self.directory.path if name == "module" else self.root)
            case "terraform" if name == "workspace":
                return self._world.workspace or Input("terraform.workspace", reason="the workspace is not said")
            case "terraform" | "self":
                return Input(f"{space}.{name}")
        return self.resource(space, name)

    def data(self, type_: str, name: str) -> Value:
        """See `Surroundings`."""
        return self.resource(f"data.{type_}", name)

    def member(self, of: Unknown, name: str) -> Value:
        """See `Surroundings`."""
        if isinstance(of, ModuleValue):
            return of.module.output(name)
        if isinstance(of, ModuleOutput):
            return replace(of, expression=f"{of.expression}.{name}")
        if not isinstance(of, Reference):
            return Unknown(f"{of.expression}.{name}" if of.expression else "", reason=of.reason, made_of=(of,))
        if of.attribute:
            return replace(of, expression=f"{of.expression}.{name}", attribute=f"{of.attribute}.{name}")
        reference = Reference(f"{of.address}.{name}", of.address, name)
        instance = self._world.instances.get(of.address)
        if instance and instance.type == "data.template_file" and name == "rendered":
            return instance.rendered()
        value = instance.value(name) if instance else None
        if instance and value is None and instance.type == REGION and name in ("id", "name", "region"):
            value = self._world.region(instance)
        return reference if value is None else link(value, reference)

    def as_json(self, value: Value) -> Value:
        """See `Surroundings`. Raises Fault or UnknownValue."""
        if isinstance(value, Reference) and value.attribute in ("json", "minified_json"):
            instance = self._world.instances.get(value.address)
            if instance and instance.type == policy_document.TYPE:
                return self._remember(
                    "json", value.address, lambda: policy_document.policy_json(instance, self.as_json)
                )
        return value

    @property
    def root(self) -> Path:
        """See `Surroundings`."""
        return self._world.directory.path

    # variables, outputs, calls, resources

    def _remember(self, space: str, name: str, work: Callable[[], Value]) -> Value:
        key = (space, name)
        if key not in self._memory:
            self._memory[key] = Unknown(f"{space}.{name}", reason="it depends on itself")
            try:
                self._memory[key] = work()
            except BaseException:
                del self._memory[key]
                raise
        return self._memory[key]

    def _variable(self, name: str) -> Value:
        if name not in self.directory.variables:
            return Unknown(f"var.{name}", reason="no such variable is declared")
        declared = self.directory.variables[name].body.attributes
        try:
            if self._arguments is None and self.directory.settings_are_unreadable:
                return Input(f"var.{name}", reason="a tfvars file cannot be read")
            value = self._given(name)
            is_nullable = boolean(evaluate(declared.get("nullable", Literal(True)), self._scope))
            if value is _NOT_GIVEN or (value is None and not is_nullable):
                if "default" not in declared:
                    return Input(f"var.{name}", reason=_NO_VALUE)
                value = evaluate(declared["default"], self._scope)
            kind = declared.get("type", Name("any"))
            return converted(value, kind, lambda node: evaluate(node, self._scope))
        except Fault as fault:
            return Unknown(f"var.{name}", reason=f"its value is not of its type: {fault}")

    def _given(self, name: str) -> Value:
        """What a variable is set to, which may be null."""
        if self._arguments is not None:
            return self._arguments[name]() if name in self._arguments else _NOT_GIVEN
        if name in self.directory.settings:
            return evaluate(self.directory.settings[name], self._scope)
        return _NOT_GIVEN

    def output(self, name: str) -> Value:
        """The value of an output. Raises Fault."""
        if name not in self.directory.outputs:
            raise Fault(f"no output {name}")
        return self._remember("output", name, lambda: self._output(name))

    def _output(self, name: str) -> Value:
        return evaluate(self.directory.outputs[name].body.attributes.get("value", Literal(None)), self._scope)

    def call(self, name: str) -> Value:
        """A module call: one module, a list or a map of them, or unknown if its source is not here. Raises Fault."""
        if name not in self.directory.calls:
            raise Fault(f"no module {name}")
        return self._remember("module", name, lambda: self._call(name, self.directory.calls[name].body))

    def _call(self, name: str, body: Body) -> Value:
        address = f"{self.address}module.{name}"
        source = evaluate(body.attributes["source"], self._scope) if "source" in body.attributes else None
        directory = self._world.module_directory(self.directory.path, source, address)
        if directory is None or address.count("module.") > DEEPEST:
            self._world.missing[address] = (body, self._scope)
            return ModuleOutput(f"module.{name}", address, reason="its source is not here")

        def made(address: str, scope: Scope, counts: frozenset[str]) -> Value:
            arguments = {of: partial(evaluate, node, scope) for of, node in body.attributes.items()}
            provider = partial(self._passed, body)
            called = Module(directory, f"{address}.", arguments, self._world, counts, provider)
            return ModuleValue(f"module.{name}", called)

        return self._expand(address, body, made)

    def resource(self, type_: str, name: str) -> Value:
        """A resource: a reference, a list or a map of them. `type_` of data sources is `data.x`. Raises Fault."""
        declaration = self.directory.resources.get((type_, name))
        if declaration is None:
            if "_" not in type_:
                raise Fault(f"no value named {type_}")
            address = f"{self.address}{type_}.{name}"  # declared elsewhere, as in an example that leaves it out
            return Reference(address, address, "")

        def made(address: str, scope: Scope, counts: frozenset[str]) -> Value:
            self._world.instances[address] = Instance(address, declaration, scope, counts, self.provider)
            return Reference(address, address, "")

        address = f"{self.address}{type_}.{name}"
        return self._remember(type_, name, lambda: self._expand(address, declaration.body, made))

    def _expand(self, address: str, body: Body, made: Callable[[str, Scope, frozenset[str]], Value]) -> Value:
        """What `made` makes of each instance that count and for_each ask for; one if they are unknown."""
        instances = self._expanded(body, address, made)
        if not _members(instances):
            self._world.empty.add(address)
        return instances

    def _expanded(self, body: Body, address: str, made: Callable[[str, Scope, frozenset[str]], Value]) -> Value:
        if "count" in body.attributes:
            chosen = evaluate(body.attributes["count"], self._scope)
            amount = _amount(chosen)
            if amount is None:
                at = Unknown("count.index", reason="the count is unknown")
                return made(address, self._scope.with_names({"count": {"index": at}}), self._counts(chosen))
            return tuple(
                made(f"{address}[{at}]", self._scope.with_names({"count": {"index": at}}), self.counts)
                for at in range(amount)
            )
        if "for_each" in body.attributes:
            chosen = evaluate(body.attributes["for_each"], self._scope)
            pairs = _each(chosen)
            if pairs is None:
                each = {"key": _part("each.key", chosen), "value": _element(chosen)}
                return made(address, self._scope.with_names({"each": each}), self._counts(chosen))
            return {key: self._of_key(address, key, value, made) for key, value in pairs}
        return made(address, self._scope, self.counts)

    def _of_key(
        self, address: str, key: str, value: Value, made: Callable[[str, Scope, frozenset[str]], Value]
    ) -> Value:
        """What `made` makes of one key of for_each."""
        quoted = json.dumps(key, ensure_ascii=False)
        scope = self._scope.with_names({"each": {"key": key_value(key), "value": value}})
        return made(f"{address}[{quoted}]", scope, self.counts)

    def _counts(self, chosen: Value) -> frozenset[str]:
        """What decides how many instances there are, where `chosen` is what count or for_each says.

        One for each instance of another resource or module is what decides about those.
        """
        if isinstance(chosen, Keyless) and isinstance(chosen.of, Reference):
            chosen = chosen.of
        if isinstance(chosen, ModuleValue):
            return self.counts | chosen.module.counts
        if isinstance(chosen, Reference) and chosen.address in self._world.instances and not chosen.attribute:
            return self.counts | self._world.instances[chosen.address].counts
        expression = _written(chosen)
        return self.counts | {f"{expression} in {self.address.removesuffix('.')}" if self.address else expression}


class World:
    """A root module and all instances in it and in the modules it calls, once `Module.instances` has run."""

    def __init__(self, directory: Directory, workspace: str = "") -> None:
        self.directory = directory
        self.workspace = workspace
        self.instances: dict[str, Instance] = {}
        self.missing: dict[str, tuple[Body, Scope]] = {}
        """By address: the calls of modules whose source is not here, and where they stand."""
        self.empty: set[str] = set()
        """Addresses of resources and module calls of which count or for_each make no instance."""
        self.moved: dict[str, str] = {}
        """What `moved` blocks say, of the root module and of each module called: addresses before and after."""
        self.forgotten: set[str] = set()
        """What `removed` blocks leave in AWS."""
        self._providers: Mapping[str, Block] | None = None
        self._directories: dict[Path, Directory] = {}
        self._fetched = _fetched_modules(directory.path)
        self.root = Module(self.directory, "", None, self)
        self.root.instances()

    def module_directory(self, caller: Path, source: Value, address: str) -> Directory | None:
        """The directory of a called module: a local one that its source names, or the one that Terraform fetched."""
        if not isinstance(source, str):
            return None
        if source.startswith((".", "/")):
            path = Path(os.path.normpath(caller / source))  # symbolic links stay
        else:
            key = without_indexes(address).removeprefix("module.").replace(".module.", ".")
            if key not in self._fetched:
                return None
            path = Path(os.path.normpath(self.directory.path / self._fetched[key]))
        if path not in self._directories:
            self._directories[path] = read_directory(path)
        return self._directories[path] if self._directories[path].files else None

    def region(self, instance: Instance) -> Value:
        """The region that an instance, or the root module's configuration of its provider, names; else None."""
        named = [instance.value(name) for name in ("region", "name")]
        if self._providers is None:
            self._providers = {}  # what a configuration finds that depends on its own region
            self._providers = self.root.providers()
        configuration = self._providers.get(instance.provider or "aws")
        named += [configuration.get("region")] if configuration is not None else []
        return next((each for each in named if isinstance(each, str)), None)

    def gaps(self) -> tuple[Gap, ...]:
        """The calls of modules whose source is not here."""
        return tuple(self._gap(address, *self.missing[address]) for address in sorted(self.missing))

    def _gap(self, address: str, body: Body, scope: Scope) -> Gap:
        given = {name: node for name, node in body.attributes.items() if name not in CALL_ARGUMENTS - _COUNTS}
        arguments = {name: evaluate(node, scope) for name, node in given.items()}
        source = evaluate(body.attributes["source"], scope) if "source" in body.attributes else None
        written = source if isinstance(source, str) else ""
        text = f"{address}: its source {written or 'is no constant'}{' is not here' if written else ''}"
        version = label_of(evaluate(body.attributes["version"], scope)) if "version" in body.attributes else ""
        return Gap(GapKind.MODULE, address, text, written, version=version, arguments=arguments)

    def directories(self) -> tuple[Directory, ...]:
        """The directories of all modules called."""
        return tuple(self._directories.values())


def _fetched_modules(root: Path) -> Mapping[str, str]:
    """Where `terraform init` put the modules of a root module, by the names of their calls joined with dots."""
    try:
        listed = json.loads((root / ".terraform" / "modules" / "modules.json").read_bytes())["Modules"]
        return {str(each["Key"]): str(each["Dir"]) for each in listed}
    except (OSError, ValueError, LookupError, TypeError):
        return {}  # each module that is called and not here is named by the gate


def _members(value: Value) -> tuple[Value, ...]:
    if isinstance(value, tuple):
        return value
    return tuple(value.values()) if isinstance(value, Mapping) else (value,)


def _names_of_providers(node: Node | None) -> Mapping[str, str]:
    """The argument `providers` of a call: the caller's configuration by the module's name for it."""
    if isinstance(node, Source):
        return _names_of_providers(node.node)
    items = node.items if isinstance(node, Object) else ()
    return {_traversed(key): _traversed(value) for key, value in items}


def _traversed(node: Node) -> str:
    """The name of a configuration of a provider: `aws.ireland`."""
    match node:
        case Source():
            return _traversed(node.node)
        case Attribute():
            return f"{_traversed(node.of)}.{node.name}"
        case Name():
            return node.name
        case Literal():
            return str(node.value)
    return ""


def _amount(count: Value) -> int | None:
    """How many instances count asks for, None if that is unknown, no number, or nothing that AWS could be asked for."""
    try:
        amount = int(boolean(count)) if isinstance(count, bool) else int(number(count))
    except (Fault, UnknownValue, ArithmeticError):
        return None
    return amount if 0 <= amount <= MOST else None


def _part(name: str, of: Value) -> Value:
    return Unknown(name, reason="the keys are unknown", made_of=(of,) if isinstance(of, Unknown) else ())


def _element(chosen: Value) -> Value:
    """Each value of a for_each whose keys are unknown: each instance of a resource or module, if it is over those."""
    if isinstance(chosen, Keyless):
        return chosen.element
    if isinstance(chosen, ModuleValue) or (isinstance(chosen, Reference) and not chosen.attribute):
        return chosen
    return _part("each.value", chosen)


def _written(value: Value) -> str:
    """A value as one would write it: the same text means the same value."""
    if isinstance(value, Unknown):
        return value.expression
    if isinstance(value, tuple):
        return f"[{', '.join(map(_written, value))}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key} = {_written(item)}' for key, item in value.items())}}}"
    return json.dumps(value)


def _each(chosen: Value) -> list[tuple[str, Value]] | None:
    """The keys and values of for_each, None if the keys are unknown."""
    if isinstance(chosen, Mapping):
        return [(key, chosen[key]) for key in sorted(chosen)]
    if isinstance(chosen, tuple) and all(map(_is_one_text, chosen)):
        keys = [UnknownKey(item) if isinstance(item, Unknown) else str(item) for item in chosen]
        return list(zip(keys, chosen, strict=True)) if len(set(keys)) == len(keys) else None
    return None


def _is_one_text(item: Value) -> bool:
    """Whether an element of a set is one text, known or not, and no list that is unknown."""
    if isinstance(item, Reference):
        return bool(_ELEMENT.search(item.attribute))
    return isinstance(item, str) or (isinstance(item, Partial) and is_name(item))
