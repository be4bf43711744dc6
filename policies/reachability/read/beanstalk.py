"""Environments of Elastic Beanstalk: where their options put the instances and load balancers that AWS makes.

Source: Elastic Beanstalk developer guide, "General options for all environments" (namespace `aws:ec2:vpc`) and
"Precedence" (a saved configuration counts where the environment says nothing). A load balancer and the instances behind
it are taken for one.
"""

from __future__ import annotations

from dataclasses import replace

from policies.library.model import Resource
from policies.library.values import Unknown, Value
from policies.reachability.read.reading import Reading, leaves

TYPE = "aws_elastic_beanstalk_environment"
_TEMPLATE = "aws_elastic_beanstalk_configuration_template"
_VPC = "aws:ec2:vpc"
_SUBNETS = ("Subnets", "ELBSubnets")


def placed(environment: Resource, reading: Reading) -> Resource:
    """An environment with attributes for what its options say: subnets, VPC, whether it is public."""
    options = _options(environment, reading)
    subnets: list[Value] = []
    for name in _SUBNETS:
        for leaf in leaves(options.get((_VPC, name))):
            subnets += leaf.split(",") if isinstance(leaf, str) else [leaf]
    templates = reading.named(environment.get("template_name"), (_TEMPLATE,))
    if any(isinstance(value, Unknown) for each in (*templates, environment) for value in each.values("setting")):
        subnets.append(Unknown("setting"))
    if environment.has("template_name") and not templates and not subnets:
        subnets.append(Unknown("the settings of its template"))
    scheme, public = (options.get((_VPC, name)) for name in ("ELBScheme", "AssociatePublicIpAddress"))
    is_internal = (
        isinstance(scheme, str)
        and scheme == "internal"
        and not isinstance(public, Unknown)
        and str(public).lower() != "true"
    )
    return replace(
        environment,
        attributes={
            "subnets": tuple(subnets),
            "vpc_id": options.get((_VPC, "VPCId")),
            "publicly_accessible": not is_internal,
        },
    )


def _options(environment: Resource, reading: Reading) -> dict[tuple[str, str], Value]:
    templates = reading.named(environment.get("template_name"), (_TEMPLATE,))
    blocks = [
        block
        for each in (*templates, environment)
        for block in reading.blocks(each, "setting", environment, "read as far as known")
    ]
    return {(reading.text(each, "namespace"), reading.text(each, "name")): each.get("value") for each in blocks}
