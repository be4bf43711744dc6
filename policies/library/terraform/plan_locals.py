"""What a local value may lead to in a plan, which shows neither local values nor what they are made of.

It lists the attributes of resources that anything in it is made of ("relevant_attributes"), and by its name an argument
takes ids or ARNs of one kind of resource only. Source: Terraform's "JSON Output Format".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from policies.library.terraform.addresses import without_indexes

_ENDING = re.compile(r"(?:_identifier|_id|_arn)?s?$")
_KINDS = {
    "kms_master_key": "kms_key",
    "load_balancer": "lb",
    "vpc_zone": "subnet",
}
"""What arguments call something that has another name as a type."""
_ANYTHING = ("aws_cloudformation_stack", "data.aws_cloudformation_stack", "data.external", "terraform_data")
"""Types whose attributes may be an id of anything."""


def may_lead_to(argument: str, plan: Mapping[str, Any]) -> tuple[tuple[str, str], ...] | None:
    """Addresses and attributes of the resources that a local value in an argument may be made of, None for anything."""
    relevant = plan.get("relevant_attributes")
    if not isinstance(relevant, list) or any(_type(each) in _ANYTHING for each in relevant):
        return None
    return tuple(sorted(set(_fitting(argument, relevant))))


def _fitting(argument: str, relevant: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    kind = _ENDING.sub("", argument)
    kind = _KINDS.get(kind, kind)
    ending = "arn" if argument.rstrip("s").endswith("_arn") else "id"
    for each in relevant:
        plain = re.sub(r"^(?:data\.)?[a-z0-9]+_(?:default_)?", "", _type(each))
        if kind and (plain == kind or kind.endswith(f"_{plain}") or plain.endswith(f"_{kind}")):
            attribute = each.get("attribute") or [ending]
            yield str(each["resource"]), str(attribute[-1])


def _type(relevant: Mapping[str, Any]) -> str:
    """The type of a resource, `data.x` for data sources."""
    labels = re.sub(r"^(?:module\.[^.]+\.)*", "", without_indexes(str(relevant.get("resource")))).split(".")
    return ".".join(labels[:2]) if labels[0] == "data" else labels[0]
