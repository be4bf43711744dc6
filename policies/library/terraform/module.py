"""A root module and the modules it calls: variables, local values, outputs and resources, worked out when asked for."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from policies.library.terraform.addresses import without_indexes
from policies.library.terraform.conversions import Fault, boolean, number
from policies.library.terraform.evaluate import Scope, evaluate
from policies.library.terraform.files import Directory, read_directory
from policies.library.terraform.instance import Instance
from policies.library.terraform.operations import link
from policies.library.terraform.syntax import Body, Literal, Name
from policies.library.terraform.types import converted
from policies.library.values import Reference, Unknown, UnknownValue, Value

_NOT_GIVEN = Unknown("a variable that is not set")
MOST = 10_000
"""Instances that one resource or module call may have."""
DEEPEST = 12
"""Module calls in module calls, after which they are taken to be endless."""


@dataclass(frozen=True, eq=False)
class ModuleValue(Unknown):
    """A module call's instance as a value: its attributes are the module's outputs."""

    module: Module


class Module:
    """One instance of a module. `arguments` work out what its call sets, None for the root."""

    def __init__(
        self, directory: Directory, address: str, arguments: Mapping[str, Callable[[], Value]] | None, world: World
    ) -> None:
        self.directory = directory
        self.address = address
        self._arguments = arguments
        self._world = world
        self._memory: dict[tuple[str, str], Value] = {}
        self._scope = Scope(self, {})

    def instances(self) -> None:
        """Work out every resource's instances, here and in the modules called, so that the world knows them all."""
        for type_, name in sorted(self.directory.resources):
            self.resource(type_, name)
        for name in sorted(self.directory.calls):
            called = self.call(name)
            for each in _members(called):
                if isinstance(each, ModuleValue):
                    each.module.instances()

    # what expressions can name

    def named(self, space: str, name: str) -> Value:
        """See `Surroundings`."""
        match space:
            case "var":
                return self._remember("var", name, lambda: self._variable(name))
            case "local":
                if name not in self.directory.locals:
                    return Unknown(f"local.{name}, which is not declared")
                return self._remember("local", name, lambda: evaluate(self.directory.locals[name], self._scope))
            case "module":
                return self.call(name)
            case "path":
                return str(self.directory.path if name == "module" else self.root)
            case "terraform" | "self":
                return Unknown(f"{space}.{name}")
        return self.resource(space, name)

    def data(self, type_: str, name: str) -> Value:
        """See `Surroundings`."""
        return self.resource(f"data.{type_}", name)

    def member(self, of: Unknown, name: str) -> Value:
        """See `Surroundings`."""
        if isinstance(of, ModuleValue):
            return of.module.output(name)
        if not isinstance(of, Reference):
            return Unknown(f"{of.expression}.{name}" if of.expression else "")
        if of.attribute:
            return Reference(of.expression, of.address, f"{of.attribute}.{name}")
        reference = Reference(f"{of.address}.{name}", of.address, name)
        instance = self._world.instances.get(of.address)
        if instance and instance.type == "data.template_file" and name == "rendered":
            return instance.rendered()
        value = instance.value(name) if instance else None
        return reference if value is None else link(value, reference)

    @property
    def root(self) -> Path:
        """See `Surroundings`."""
        return self._world.directory.path

    # variables, outputs, calls, resources

    def _remember(self, space: str, name: str, work: Callable[[], Value]) -> Value:
        key = (space, name)
        if key not in self._memory:
            self._memory[key] = Unknown(f"{space}.{name}, which depends on itself")
            try:
                self._memory[key] = work()
            except BaseException:
                del self._memory[key]
                raise
        return self._memory[key]

    def _variable(self, name: str) -> Value:
        if name not in self.directory.variables:
            return Unknown(f"var.{name}, which is not declared")
        declared = self.directory.variables[name].body.attributes
        try:
            if self._arguments is None and self.directory.settings_are_unreadable:
                return Unknown(f"var.{name}, as a tfvars file cannot be read")
            value = self._given(name)
            is_nullable = boolean(evaluate(declared.get("nullable", Literal(True)), self._scope))
            if value is _NOT_GIVEN or (value is None and not is_nullable):
                if "default" not in declared:
                    return Unknown(f"var.{name}")
                value = evaluate(declared["default"], self._scope)
            kind = declared.get("type", Name("any"))
            return converted(value, kind, lambda node: evaluate(node, self._scope))
        except Fault as fault:
            return Unknown(f"var.{name}, which is not of its type: {fault}")

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
            return Unknown(f"module.{name}, whose source is not here")

        def made(address: str, scope: Scope) -> Value:
            arguments = {of: partial(evaluate, node, scope) for of, node in body.attributes.items()}
            return ModuleValue(f"module.{name}", Module(directory, f"{address}.", arguments, self._world))

        return self._expand(address, body, made)

    def resource(self, type_: str, name: str) -> Value:
        """A resource: a reference, a list or a map of them. `type_` of data sources is `data.x`. Raises Fault."""
        declaration = self.directory.resources.get((type_, name))
        if declaration is None:
            if "_" not in type_:
                raise Fault(f"no value named {type_}")
            address = f"{self.address}{type_}.{name}"  # declared elsewhere, as in an example that leaves it out
            return Reference(address, address, "")

        def made(address: str, scope: Scope) -> Value:
            self._world.instances[address] = Instance(address, declaration, scope)
            return Reference(address, address, "")

        address = f"{self.address}{type_}.{name}"
        return self._remember(type_, name, lambda: self._expand(address, declaration.body, made))

    def _expand(self, address: str, body: Body, made: Callable[[str, Scope], Value]) -> Value:
        """What `made` makes of each instance that count and for_each ask for; one if they are unknown."""
        if "count" in body.attributes:
            amount = _amount(evaluate(body.attributes["count"], self._scope))
            if amount is None:
                return made(address, self._scope.with_names({"count": {"index": Unknown("count.index")}}))
            return tuple(
                made(f"{address}[{at}]", self._scope.with_names({"count": {"index": at}})) for at in range(amount)
            )
        if "for_each" in body.attributes:
            chosen = evaluate(body.attributes["for_each"], self._scope)
            pairs = _each(chosen)
            if pairs is None:
                each = {"key": Unknown("each.key"), "value": Unknown("each.value")}
                return made(address, self._scope.with_names({"each": each}))
            return {
                key: made(f'{address}["{key}"]', self._scope.with_names({"each": {"key": key, "value": value}}))
                for key, value in pairs
            }
        return made(address, self._scope)


class World:
    """A root module and all instances in it and in the modules it calls, once `Module.instances` has run."""

    def __init__(self, path: Path) -> None:
        self.directory = read_directory(path)
        self.instances: dict[str, Instance] = {}
        self._directories: dict[Path, Directory] = {}
        self._fetched = _fetched_modules(path)
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


def _amount(count: Value) -> int | None:
    """How many instances count asks for, None if that is unknown, no number, or nothing that AWS could be asked for."""
    try:
        amount = int(boolean(count)) if isinstance(count, bool) else int(number(count))
    except (Fault, UnknownValue, ArithmeticError):
        return None
    return amount if 0 <= amount <= MOST else None


def _each(chosen: Value) -> list[tuple[str, Value]] | None:
    """The keys and values of for_each, None if the keys are unknown."""
    if isinstance(chosen, Mapping):
        return sorted(chosen.items())
    if isinstance(chosen, tuple) and all(isinstance(item, str) for item in chosen):
        return [(str(item), item) for item in chosen]
    return None
