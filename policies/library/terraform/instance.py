"""One instance of a resource or data source, its attributes worked out when asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from policies.library.terraform.conversions import text
from policies.library.terraform.evaluate import Scope, blocks, evaluate, render
from policies.library.terraform.files import Declaration
from policies.library.terraform.operations import sealed
from policies.library.terraform.syntax import block_name
from policies.library.values import Reference, Unknown, Value, label_of

META_ARGUMENTS = frozenset({"count", "for_each", "provider", "depends_on", "lifecycle", "provisioner", "connection"})
"""What a resource has that is no attribute of it."""


@dataclass(eq=False)
class Instance:
    """One instance of a resource or data source."""

    address: str
    declaration: Declaration
    scope: Scope
    counts: frozenset[str] = frozenset()
    """See `Resource.depends_on_counts`."""
    root_provider: Callable[[str], str] = str
    """What the root module calls a configuration of a provider that this module names."""
    _values: dict[str, Value] = field(default_factory=dict)

    @property
    def type(self) -> str:
        """`aws_lb`; for data sources `data.aws_ami`."""
        return self.declaration.labels[0]

    @property
    def provider(self) -> str:
        """Which configuration of its provider makes it, if it says so."""
        value = self.value("provider")
        name = "" if value is None else label_of(value)
        return self.root_provider("" if name == "aws" else name)

    def rendered(self) -> Value:
        """What the data source `template_file` makes of its template. Raises Fault."""
        template, variables = self.value("template"), self.value("vars")
        if isinstance(template, Unknown):
            return template
        return render(text(template), {} if variables is None else variables, self.scope)

    def value(self, name: str) -> Value:
        """One attribute or the blocks of one name; None if not set. Only this one is worked out."""
        if name not in self._values:
            self._values[name] = Reference(f"{self.address}.{name}", self.address, name)  # what a cycle finds
            body = self.declaration.body
            attribute = evaluate(body.attributes[name], self.scope) if name in body.attributes else None
            nested = blocks(body, name, self.scope)
            joined = (*attribute, *nested) if isinstance(attribute, tuple) else nested
            self._values[name] = sealed(joined if nested else attribute)
        return self._values[name]

    def attributes(self) -> Mapping[str, Value]:
        """All attributes and blocks that are set."""
        body = self.declaration.body
        names = [*body.attributes, *map(block_name, body.blocks)]
        found = {name: self.value(name) for name in dict.fromkeys(names) if name not in META_ARGUMENTS}
        return {name: value for name, value in found.items() if value is not None}
