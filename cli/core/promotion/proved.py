"""Unexplained changes that need nobody's acknowledgement: proved to open nothing, to destroy nothing, and to put data
nowhere else.

Who can connect and who may do what is compared exactly. Where data goes is not, so what may store it or send it
somewhere is never proved: only the types below are known to do neither.
"""

from __future__ import annotations

from cli.core.base.addresses import declared
from cli.core.change.model import ChangeProof
from cli.core.plans.model import Kind, Plan
from cli.core.promotion.comparison import Comparison

KEEPS_NO_DATA = frozenset(
    {
        "aws_appautoscaling_policy",
        "aws_appautoscaling_target",
        "aws_autoscaling_group",
        "aws_autoscaling_policy",
        "aws_cloudwatch_metric_alarm",
        "aws_eip",
        "aws_iam_instance_profile",
        "aws_iam_policy",
        "aws_iam_role",
        "aws_iam_role_policy",
        "aws_iam_role_policy_attachment",
        "aws_network_acl",
        "aws_network_acl_association",
        "aws_network_acl_rule",
        "aws_route",
        "aws_route_table",
        "aws_route_table_association",
        "aws_security_group",
        "aws_security_group_rule",
        "aws_subnet",
        "aws_vpc_endpoint",
        "aws_vpc_endpoint_policy",
        "aws_vpc_endpoint_route_table_association",
        "aws_vpc_security_group_egress_rule",
        "aws_vpc_security_group_ingress_rule",
    }
)
"""Types that hold no data and send none anywhere: what they let others send, the proof says."""

_HARMLESS = (Kind.CREATE, Kind.UPDATE, Kind.MOVE)


def proving(plan: Plan, comparison: Comparison, proof: ChangeProof | None) -> str:
    """The digest of the proof by which the unexplained changes of a plan pass; empty where they do not."""
    if proof is None or not proof.is_proved or not proof.keeps_data or plan.stateful_losses:
        return ""
    kinds = {each.address: each.kind for each in plan.changes}
    unexplained = [each.address for each in comparison.unexplained]
    keep_no_data = all(declared(address).partition(".")[0] in KEEPS_NO_DATA for address in unexplained)
    destroy_nothing = all(kinds.get(address, Kind.UPDATE) in _HARMLESS for address in unexplained)
    return proof.digest() if keep_no_data and destroy_nothing else ""
