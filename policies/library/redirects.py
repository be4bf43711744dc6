"""Port 80 where it may stand open: all that answers on it sends the client to HTTPS."""

from __future__ import annotations

from policies.library.load_balancers import LOAD_BALANCERS, listeners_of, only_redirects, protocol, rules_of
from policies.library.members import members_of
from policies.library.model import Configuration, Resource
from policies.library.plaintext import WITHOUT_TLS
from policies.library.security_groups import Permission

HTTP = f"tcp 80 ({WITHOUT_TLS[80]})"
"""How `policies.library.plaintext` names port 80."""


def is_redirected(permission: Permission, configuration: Configuration) -> bool:
    """Whether everything behind port 80 of a rule's group is load balancers that redirect. Raises UnknownValue."""
    found = members_of(permission, configuration)
    return bool(found) and all(member.type in LOAD_BALANCERS and _redirects(member, configuration) for member in found)


def _redirects(balancer: Resource, configuration: Configuration) -> bool:
    """Whether a load balancer listens on port 80 for nothing but to redirect to HTTPS. Raises UnknownValue."""
    listeners = [each for each in listeners_of(balancer, configuration) if each.number("port") == 80]
    return bool(listeners) and all(
        protocol(listener, configuration) == "HTTP"
        and all(only_redirects(each) for each in (listener, *rules_of(listener, configuration)))
        for listener in listeners
    )
