"""CKV2_MEALS_237: what blocks public access for a whole account is on, where it is declared.

Snapshots, images, EMR clusters, documents of Systems Manager, and VPCs. An EMR account may permit port 22, as AWS's
default does. Sources: Security Hub EC2.172, EC2.182, EMR.2, SSM.7; EC2 user guide, "Block public access to your AMIs";
VPC user guide, "Block public access to VPCs and subnets".
"""

from collections.abc import Mapping

from policies.checkov.adapter import CheckovRule
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub

EMR = "aws_emr_block_public_access_configuration"
DOCUMENTS = "aws_ssm_service_setting"
SHARING = "/ssm/documents/console/public-sharing-permission"
STATES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "aws_ebs_snapshot_block_public_access": ("state", ("block-all-sharing",)),
    "aws_ec2_image_block_public_access": ("state", ("block-new-sharing",)),
    "aws_vpc_block_public_access_exclusion": ("internet_gateway_exclusion_mode", ("allow-egress",)),
    "aws_vpc_block_public_access_options": ("internet_gateway_block_mode", ("block-bidirectional", "block-ingress")),
}
"""Type -> the argument, and its values that block."""


def evaluate(subject: Resource, _: Configuration) -> Findings:
    """A finding for a block that is switched off, or that lets the internet in."""
    if subject.type == EMR:
        if not subject.flag("block_public_security_group_rules"):
            yield Finding(found="block_public_security_group_rules = false", allowed="true")
        for ports in subject.blocks("permitted_public_security_group_rule_range"):
            if (ports.number("min_range"), ports.number("max_range")) != (22, 22):
                yield Finding(found="public rules for other ports than 22", allowed="22, or no permitted range")
    elif subject.type == DOCUMENTS:
        if subject.text("setting_id").endswith(SHARING) and subject.text("setting_value") != "Disable":
            yield Finding(found="documents may be shared with everyone", allowed='setting_value = "Disable"')
    else:
        name, allowed = STATES[subject.type]
        state = subject.text(name)
        if state not in allowed:
            yield Finding(found=f"{name} = {state}", allowed=" or ".join(allowed))


RULE = CheckovRule(
    id="CKV2_MEALS_237",
    name="Account-wide blocks of public access are on",
    severity="high",
    claim="C1",
    controls=security_hub("EC2.172", "EC2.182", "EMR.2", "SSM.7") + nist("AC-3", "SC-7"),
    fix="Switch the block on.",
    good="""\
resource "aws_ebs_snapshot_block_public_access" "account" {
  state = "block-all-sharing"
}
""",
    bad="""\
resource "aws_ebs_snapshot_block_public_access" "account" {
  state = "unblocked"
}
""",
    applies_to=(EMR, DOCUMENTS, *STATES),
    evaluate=evaluate,
)
