"""CKV2_MEALS_142: EBS volumes are encrypted with a customer-managed key.

What a launch template or instance says nothing about, its image and the account's default decide, which the
configuration need not show: one that describes no volume is judged where others describe theirs. A launch
configuration or an image can only ask for encryption: it cannot name a key.
"""

from functools import lru_cache

from policies.checkov.adapter import CheckovRule
from policies.library.keys import ALLOWED, without_customer_key
from policies.library.model import Block, Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub
from policies.library.volumes import DEFAULT, DESCRIBED_IN, is_encrypted, is_encrypted_by_default, volumes

LAUNCHED = (
    "aws_launch_template",
    "aws_launch_configuration",
    "aws_instance",
    "aws_spot_fleet_request",
    "aws_spot_instance_request",
)
IMAGE = "aws_ami"


def evaluate(resource: Resource, configuration: Configuration) -> Findings:
    """Findings for each volume that a resource describes or leaves out, and for a default that is switched off."""
    if resource.type == DEFAULT:
        if not resource.flag("enabled", default=True):
            yield Finding(found="volumes are not encrypted by default", allowed="enabled = true")
        return
    if resource.type in LAUNCHED:
        described = list(volumes(resource))
        if not described and not resource.has("launch_template") and must_describe_volumes(configuration):
            yield Finding(found="no volume described: the image decides", allowed=f"encrypted volumes with {ALLOWED}")
    elif resource.type == IMAGE:
        described = list(resource.blocks("ebs_block_device"))
    else:
        described = [resource]
    for volume in described:
        yield from _of_volume(volume, resource.type not in ("aws_launch_configuration", IMAGE), configuration)


@lru_cache(maxsize=1)
def must_describe_volumes(configuration: Configuration) -> bool:
    """Whether some servers describe their volumes and none are encrypted unless described."""
    described = any(each.has(name) for each in configuration.of_type(*LAUNCHED) for name in DESCRIBED_IN)
    return described and not _is_encrypted_by_default(configuration)


def _of_volume(volume: Block, can_name_key: bool, configuration: Configuration) -> Findings:
    if _is_encrypted_by_default(configuration):
        if volume.has("kms_key_id"):
            yield from without_customer_key(volume, "kms_key_id", configuration)
    elif not is_encrypted(volume, by_default=volume.has("kms_key_id")):
        yield Finding(found="a volume that is not encrypted", allowed=f"encrypted = true with {ALLOWED}")
    elif can_name_key:
        yield from without_customer_key(volume, "kms_key_id", configuration)


def _is_encrypted_by_default(configuration: Configuration) -> bool:
    """Whether the account encrypts every new volume with a customer-managed key."""
    keys = configuration.of_type("aws_ebs_default_kms_key")
    return is_encrypted_by_default(configuration) and any(
        not list(without_customer_key(key, "key_arn", configuration)) for key in keys
    )


RULE = CheckovRule(
    id="CKV2_MEALS_142",
    name="EBS volumes are encrypted with a customer-managed key",
    severity="high",
    claim="C7",
    controls=security_hub("EC2.3", "EC2.181") + nist("SC-28", "SC-28(1)"),
    fix="Set encrypted = true and kms_key_id on the volume: in a launch template in block_device_mappings.ebs.",
    good="""\
resource "aws_launch_template" "server" {
  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      encrypted  = true
      kms_key_id = aws_kms_key.compute.arn
    }
  }
}
""",
    bad="""\
resource "aws_launch_template" "server" {
  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      encrypted = true
    }
  }
}
""",
    applies_to=("aws_ebs_volume", "aws_ebs_snapshot_copy", "aws_ami_copy", IMAGE, DEFAULT, *LAUNCHED),
    evaluate=evaluate,
)
