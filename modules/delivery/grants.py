"""Statements that allow one service's actions: on resources, or, where AWS knows none to limit them to, in a region."""

from modules.common.policy import Conditions, Statement


def grant(sid: str, service: str, actions: str, *resources: str, conditions: Conditions | None = None) -> Statement:
    """Return the statement that allows `actions`, names divided by blanks, on `resources`."""
    return Statement(
        sid=sid,
        actions=[f"{service}:{action}" for action in actions.split()],
        resources=resources,
        conditions=conditions or {},
    )


def anywhere(sid: str, service: str, actions: str, region: str) -> Statement:
    """Return the statement for actions that AWS can limit to no resource: the region is what is left."""
    return grant(sid, service, actions, "*", conditions={"StringEquals": {"aws:RequestedRegion": region}})
