"""Values of Terraform as texts of policies: references become the ARNs and names that they will be."""

from __future__ import annotations

import re
from collections.abc import Iterable

from policies.access.read.accounts import Accounts
from policies.access.read.arns import ALIKE, ARNS, ASSIGNED, DEFAULTS, OTHERS, RANDOM
from policies.access.text import assigned, is_determined, undetermined
from policies.library.doubts import doubt, how
from policies.library.model import Resource
from policies.library.values import Partial, Reference, Unknown, Value, leaves
from policies.reachability.read.reading import Reading

_FIELD = re.compile(r"\{(\w+)\}")
_PREFIX = "data."
_SERVICE_LINKED = {"autoscaling.amazonaws.com": "AWSServiceRoleForAutoScaling"}
"""Names of service-linked roles before their suffix. Source: EC2 Auto Scaling user guide, "Service-linked roles"."""


class ValueTexts:
    """The texts of values in one configuration."""

    def __init__(self, reading: Reading, accounts: Accounts) -> None:
        self._reading = reading
        self._accounts = accounts
        self._known: dict[tuple[str, str], str] = {}

    def text(self, value: Value) -> str:
        """A value as text; parts that are not known before the apply as policies.access.text says. Not set is empty."""
        if isinstance(value, str):
            return str(value)
        if value is None:
            return ""
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, int | float):
            return str(value)
        if isinstance(value, tuple) and len(value) == 1:
            return self.text(value[0])
        if isinstance(value, Partial):
            return "".join(part if isinstance(part, str) else self.text(part) for part in value.parts)
        if isinstance(value, Reference):
            return self._referenced(value)
        if isinstance(value, Unknown):
            name = value.expression or ", ".join(each.expression for each in leaves(value)) or "unknown"
            is_made = bool(value.made_of or value.given)
            return undetermined(name, doubt(value, self._reading.configuration) if is_made else "")
        return undetermined("a value of an unexpected type")

    def texts(self, values: Iterable[Value]) -> tuple[str, ...]:
        """Several values as texts; one of several alternatives may be each of them, so that nobody knows which."""
        return tuple(self.text(each) for each in values)

    def attribute(self, resource: Resource, name: str) -> str:
        """An attribute of a resource, also one that AWS fills in."""
        key = (resource.address, name)
        if key not in self._known:
            self._known[key] = undetermined(f"{resource.address}.{name}")  # what a cycle finds
            is_key = (resource.type, name) == ("data.aws_kms_key", "arn")
            self._known[key] = self._key(resource) if is_key else self._attribute(resource, name)
        return self._known[key]

    def arn(self, resource: Resource) -> str:
        """The ARN of a resource."""
        return self.attribute(resource, "arn")

    def account(self, resource: Resource) -> str:
        """The number of the account that a resource is in."""
        return self._accounts.id_of(resource)

    def partition(self, resource: Resource) -> str:
        """The partition of its ARN."""
        return self._accounts.partition(resource)

    def region(self, resource: Resource) -> str:
        """The region that it is in."""
        return self._accounts.region(resource)

    def names(self, resource: Resource) -> tuple[str, ...]:
        """Every text by which attributes of others may name a resource, each once."""
        type_ = resource.type.removeprefix(_PREFIX)
        fields = _FIELD.findall(ARNS.get(type_, ""))
        own = (each for each in fields if each not in ("account", "region", "path", "path_name", "aws_service_name"))
        return tuple(dict.fromkeys(self.attribute(resource, each) for each in ("arn", "id", *own)))

    def _referenced(self, reference: Reference) -> str:
        resource = self._reading.configuration.resources.get(reference.address)
        if resource is None:
            return undetermined(reference.expression)
        if resource.type.startswith(_PREFIX):
            return self._looked_up(resource, reference.attribute)
        return self.attribute(resource, reference.attribute or "id")

    def _looked_up(self, data: Resource, name: str) -> str:
        """An attribute of a data source."""
        match data.type, name:
            case "data.aws_caller_identity", "account_id" | "id":
                return self._accounts.id_of(data)
            case "data.aws_caller_identity", "arn":  # somebody of the account, as policies name them
                own = f"arn:{self._accounts.partition(data)}:iam::{self._accounts.id_of(data)}"
                return f"{own}:{undetermined(f'{data.address}.arn')}"
            case "data.aws_partition", "partition" | "id":
                return self._accounts.partition(data)
            case "data.aws_region", "name" | "region" | "id":
                return self._accounts.region(data)
        found = self._reading.found(data)
        if len(found.certain) == 1:
            return self.attribute(found.certain[0], name)
        return self.attribute(data, name or "id")

    def _attribute(self, resource: Resource, name: str) -> str:
        if resource.has(name):
            text = self.text(resource.get(name))
            return text.removeprefix("https://") if name == "url" else text
        type_ = resource.type.removeprefix(_PREFIX)
        if (resource.type, name) in DEFAULTS:
            return DEFAULTS[type_, name]
        if name == "arn" and type_ in ARNS:
            return f"arn:{self._accounts.partition(resource)}:{self._filled(resource, ARNS[type_])}"
        if (type_, name) in OTHERS:
            return self._filled(resource, OTHERS[type_, name])
        if type_ == "aws_kms_alias" and name in ("target_key_arn", "target_key_id"):
            return self._target(resource, name)
        if type_ == "aws_iam_service_linked_role" and name == "name":
            return self._service_linked(resource)
        source = how(resource, self._reading.configuration) if resource.type.startswith(_PREFIX) else ""
        alike = ALIKE.get(type_, {}).get(name)
        if alike and alike != name:
            return self.attribute(resource, alike)
        if name == "arn":
            return f"arn:{self._accounts.partition(resource)}:{undetermined(f'{resource.address}.arn', source)}"
        if not _is_assigned(resource, name):
            return undetermined(f"{resource.address}.{name}", source)
        prefix = self.text(resource.get("bucket_prefix" if name == "bucket" else f"{name}_prefix"))
        return f"{prefix}{assigned(f'{resource.address}.{name}')}"

    def _filled(self, resource: Resource, template: str) -> str:
        def field(found: re.Match[str]) -> str:
            match found[1]:
                case "account":
                    return self._accounts.id_of(resource)
                case "region":
                    return self._accounts.region(resource)
                case "ecs_cluster":
                    return self.text(resource.get("cluster")).rpartition("/")[2] or "default"
                case "function":
                    return self.text(resource.get("function_name")).partition(":function:")[2] or self.text(
                        resource.get("function_name")
                    )
                case "path_name":
                    name = self.attribute(resource, "name")
                    return name if name.startswith("/") else f"/{name}"
            return self.attribute(resource, found[1])

        return _FIELD.sub(field, template)

    def _key(self, data: Resource) -> str:
        """The ARN of a key that is looked up by its id, an alias, or the ARN of either."""
        if data.has("arn"):
            return self.text(data.get("arn"))
        named = self.text(data.get("key_id"))
        if ":key/" in named:
            return named
        alias = named[named.find("alias/") :] if "alias/" in named else ""
        found = (assigned if is_determined(alias) else undetermined)(f"key of {alias}") if alias else named
        account, region = self._accounts.id_of(data), self._accounts.region(data)
        return f"arn:{self._accounts.partition(data)}:kms:{region}:{account}:key/{found}"

    def _target(self, alias: Resource, name: str) -> str:
        """The key that an alias names: by ARN or by id.

        One that is looked up by an alias is AWS's to choose, and none that is made here: these have their aliases here.
        """
        target = self._reading.configuration.resolve(alias.get("target_key_id"))
        keys = [each for each in target if each.type.endswith("_key") and each.type in ARNS]
        if len(keys) == 1:
            return self.attribute(keys[0], "arn" if name == "target_key_arn" else "key_id")
        called = self.attribute(alias, "name")
        is_looked_up = alias.type.startswith(_PREFIX) and is_determined(called)
        found = assigned(f"key of {called}") if is_looked_up else undetermined(f"{alias.address}.key")
        if name != "target_key_arn":
            return found
        account, region = self._accounts.id_of(alias), self._accounts.region(alias)
        return f"arn:{self._accounts.partition(alias)}:kms:{region}:{account}:key/{found}"

    def _service_linked(self, role: Resource) -> str:
        """The name that AWS gives a service-linked role."""
        name = _SERVICE_LINKED.get(self.text(role.get("aws_service_name")))
        suffix = self.text(role.get("custom_suffix"))
        if name is None:
            return undetermined(f"{role.address}.name")
        return f"{name}_{suffix}" if suffix else name


def _is_assigned(resource: Resource, name: str) -> bool:
    """Whether it is known that an attribute is a text that nobody chooses; of what is looked up, whoever made it may
    have chosen it."""
    if (resource.type, name) in ASSIGNED:
        return True
    if resource.type in RANDOM:
        return not resource.has("prefix")
    templates = (ARNS.get(resource.type, ""), *(each for (type_, _), each in OTHERS.items() if type_ == resource.type))
    return any(name in _FIELD.findall(each) for each in templates)
