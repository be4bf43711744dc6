"""CKV2_MEALS_238: nothing is shared with everyone: images, documents, endpoint services, identities.

What has a resource policy is judged by that (CKV2_MEALS_114 to 119). A transit gateway that accepts attachments by
itself connects any VPC of those it is shared with, unseen. Sources: Security Hub SSM.4, Cognito.2, EC2.23; AWS
PrivateLink guide, "Manage permissions" ("*" lets every account make an endpoint); EC2 user guide, "Make your AMI
publicly available".
"""

from collections.abc import Mapping

from policies.checkov.adapter import CheckovRule
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub
from policies.library.subnets import Path, values_at
from policies.library.values import Partial, Reference, Unknown, Value

EVERYONE: Mapping[str, tuple[Path, tuple[str, ...]]] = {
    "aws_ami_launch_permission": (("group",), ("all",)),
    "aws_cognito_identity_pool": (("allow_unauthenticated_identities",), ("true", "1")),
    "aws_imagebuilder_distribution_configuration": (
        ("distribution", "ami_distribution_configuration", "launch_permission", "user_groups"),
        ("all",),
    ),
    "aws_vpc_endpoint_service": (("allowed_principals",), ("*",)),
    "aws_vpc_endpoint_service_allowed_principal": (("principal_arn",), ("*",)),
}
"""Type -> where it says whom it is for, and what means everyone there."""
DOCUMENT = "aws_ssm_document"
GATEWAY = "aws_ec2_transit_gateway"


def evaluate(subject: Resource, _: Configuration) -> Findings:
    """A finding for what is shared with everyone."""
    if subject.type == DOCUMENT:
        accounts = subject.mapping("permissions").get("account_ids")
        if isinstance(accounts, Unknown) and not isinstance(accounts, Reference | Partial):
            raise accounts.failure(f"{subject.place}.permissions.account_ids")
        if isinstance(accounts, str) and "all" in accounts.lower().split(","):
            yield Finding(found="permissions for all accounts", allowed="the ids of accounts")
        return
    if subject.type == GATEWAY:
        if subject.text("auto_accept_shared_attachments", default="disable") == "enable":
            yield Finding(found="auto_accept_shared_attachments = enable", allowed="attachments that somebody accepts")
        return
    path, everyone = EVERYONE[subject.type]
    for value in values_at(subject, path):
        if any(text.lower() in everyone for text in _texts(value)):
            yield Finding(found=f"{'.'.join(path)} for everyone", allowed="named accounts, roles or organizations")


def _texts(value: Value) -> tuple[str, ...]:
    """The texts in a value; an ARN that is only known when applied is someone's. Raises UnknownValue."""
    if isinstance(value, tuple):
        return tuple(text for item in value for text in _texts(item))
    return ("a resource",) if isinstance(value, Reference | Partial) else (str(value),)


RULE = CheckovRule(
    id="CKV2_MEALS_238",
    name="Nothing is shared with everyone",
    severity="high",
    claim="C1",
    controls=security_hub("SSM.4", "Cognito.2", "EC2.23") + nist("AC-3", "AC-6", "SC-7"),
    fix="Name the accounts, roles or organizations that it is for.",
    good="""\
resource "aws_vpc_endpoint_service_allowed_principal" "partner" {
  vpc_endpoint_service_id = aws_vpc_endpoint_service.orders.id
  principal_arn           = "arn:aws:iam::111122223333:root"
}
""",
    bad="""\
resource "aws_vpc_endpoint_service_allowed_principal" "partner" {
  vpc_endpoint_service_id = aws_vpc_endpoint_service.orders.id
  principal_arn           = "*"
}
""",
    applies_to=(DOCUMENT, GATEWAY, *EVERYONE),
    evaluate=evaluate,
)
