"""Functions of IP networks."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping

from policies.library.terraform.conversions import Fault, number, text
from policies.library.values import Value


def _cidrsubnet(prefix: Value, new_bits: Value, index: Value) -> str:
    network = ipaddress.ip_network(text(prefix), strict=False)
    length = network.prefixlen + int(number(new_bits))
    if length > network.max_prefixlen:
        raise Fault("not enough address space")
    step = 2 ** (network.max_prefixlen - length)
    return str(ipaddress.ip_network((int(network.network_address) + int(number(index)) * step, length)))


def _cidrsubnets(prefix: Value, *bits: Value) -> Value:
    network = ipaddress.ip_network(text(prefix), strict=False)
    at, subnets = int(network.network_address), []
    for each in bits:
        length = network.prefixlen + int(number(each))
        size = 2 ** (network.max_prefixlen - length)
        at = (at + size - 1) // size * size
        subnets.append(str(ipaddress.ip_network((at, length))))
        at += size
    return tuple(subnets)


PURE: Mapping[str, Callable[..., Value]] = {
    "cidrhost": lambda prefix, index: str(ipaddress.ip_network(text(prefix), strict=False)[int(number(index))]),
    "cidrnetmask": lambda prefix: str(ipaddress.IPv4Network(text(prefix), strict=False).netmask),
    "cidrsubnet": _cidrsubnet,
    "cidrsubnets": _cidrsubnets,
}
