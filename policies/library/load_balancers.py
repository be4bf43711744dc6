"""Listeners of load balancers: what they speak, and what they do with a request."""

from __future__ import annotations

from collections.abc import Iterator

from policies.library.model import Block, Configuration, Resource
from policies.library.values import UnknownValue, Value

LISTENERS = ("aws_lb_listener", "aws_alb_listener")
LISTENER_RULES = ("aws_lb_listener_rule", "aws_alb_listener_rule")
TARGET_GROUPS = ("aws_lb_target_group", "aws_alb_target_group")
LOAD_BALANCERS = ("aws_lb", "aws_alb")

REDIRECT = "a redirect to HTTPS and nothing else"


def protocol(listener: Resource, configuration: Configuration) -> str:
    """What clients speak to a listener, in capitals; of a gateway load balancer `GENEVE`. Raises UnknownValue.

    A listener without a protocol speaks HTTP: the provider's default for application load balancers. Of a listener that
    is only looked up no more than the port is known; 443 is taken for HTTPS, since it is judged where it is declared.
    """
    if listener.type.startswith("data."):
        if listener.number("port") == 443:
            return "HTTPS"
        raise UnknownValue("looked up", f"{listener.place}.protocol")
    if not listener.has("protocol"):
        balancers = configuration.resolve(listener.get("load_balancer_arn"))
        if any(balancer.text("load_balancer_type") == "gateway" for balancer in balancers):
            return "GENEVE"
    return listener.text("protocol", default="HTTP").upper()


def actions(subject: Resource) -> tuple[Block, ...]:
    """What a listener does by default, or what a listener rule does. Raises UnknownValue if how many is unknown."""
    return subject.blocks("default_action" if subject.type in LISTENERS else "action")


def is_redirect_to_https(action: Block) -> bool:
    """Whether an action sends the client to HTTPS: a redirect that keeps the protocol does not. Raises UnknownValue."""
    if action.text("type").lower() != "redirect":
        return False
    redirect = action.block("redirect")
    return redirect is not None and redirect.text("protocol", default="#{protocol}").upper() == "HTTPS"


def leads_to_http(subject: Resource) -> bool:
    """Whether a listener or listener rule sends clients to plain HTTP. Raises UnknownValue."""
    return any(
        redirect.text("protocol").upper() == "HTTP"
        for action in actions(subject)
        for redirect in action.blocks("redirect")
    )


def only_redirects(subject: Resource) -> bool:
    """Whether everything that a listener or listener rule does is to redirect to HTTPS. Raises UnknownValue."""
    found = actions(subject)
    return bool(found) and all(is_redirect_to_https(action) for action in found)


def does(subject: Resource) -> str:
    """The types of a listener's or listener rule's actions, for messages. Raises UnknownValue."""
    kinds = [
        f"{action.text('type')} that stays with HTTP" if action.text("type") == "redirect" else action.text("type")
        for action in actions(subject)
        if not is_redirect_to_https(action)
    ]
    return ", ".join(kinds) or "no action"


def target_groups(subject: Resource) -> Iterator[Value]:
    """The ARNs of the target groups that a listener or listener rule forwards to. Raises UnknownValue."""
    for action in actions(subject):
        if action.has("target_group_arn"):
            yield action.get("target_group_arn")
        for forward in action.blocks("forward"):
            for group in forward.blocks("target_group"):
                yield group.get("arn")


def listeners_of(balancer: Resource, configuration: Configuration) -> Iterator[Resource]:
    """The listeners of a load balancer."""
    for type_ in LISTENERS:
        yield from configuration.referrers(balancer, type_, "load_balancer_arn")


def rules_of(listener: Resource, configuration: Configuration) -> Iterator[Resource]:
    """The rules of a listener."""
    for type_ in LISTENER_RULES:
        yield from configuration.referrers(listener, type_, "listener_arn")
