"""CKV2_MEALS_235: S3 blocks public access: all four settings, for accounts, buckets, access points and their groups.

S3 blocks it for new buckets by itself, until somebody switches it off (S3 user guide, "Blocking public access"); a
block that is declared keeps it on, and Terraform's has each setting off that it leaves out. Access points keep theirs
for as long as they exist. A bucket is covered by the block of its account, where that is declared here. One with a
policy and no block rests on S3's default and on what the policy says, which CKV2_MEALS_114 judges; it is judged here
where the configuration blocks others: there it has been left out.
"""

from collections.abc import Iterable

from policies.checkov.adapter import CheckovRule
from policies.library.model import Block, Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub

SETTINGS = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")
BUCKET = "aws_s3_bucket"
OF_BUCKET = "aws_s3_bucket_public_access_block"
OF_ACCOUNT = "aws_s3_account_public_access_block"
GROUP = "aws_s3control_multi_region_access_point"
POINT = "aws_s3_access_point"


def evaluate(subject: Resource, configuration: Configuration) -> Findings:
    """A finding for a bucket without a block, and for the settings of a block that are off."""
    if subject.type == BUCKET:
        if is_blocked_for_account(configuration) or rests_on_policy(subject, configuration):
            return
        links = configuration.referrers(subject, OF_BUCKET, "bucket")
        if not (links.certain or tuple(links)):
            yield Finding(found=f"no {OF_BUCKET}", allowed="one with all four settings")
        return
    if subject.type in (OF_BUCKET, OF_ACCOUNT):
        if subject.type == OF_BUCKET and is_blocked_for_account(configuration):
            return
        off = off_in([subject], default=False)
    elif subject.type == POINT:
        off = off_in(subject.blocks("public_access_block_configuration"), default=True)
    else:
        details = subject.blocks("details")
        off = off_in((each for detail in details for each in detail.blocks("public_access_block")), default=True)
    if off:
        yield Finding(found=f"{', '.join(off)} = false", allowed="all four settings true")


def rests_on_policy(bucket: Resource, configuration: Configuration) -> bool:
    """Whether a bucket has a policy, in a configuration that blocks public access nowhere."""
    if configuration.of_type(OF_BUCKET, OF_ACCOUNT):
        return False
    return bucket.has("policy") or bool(configuration.referring(bucket, "aws_s3_bucket_policy", "bucket"))


def is_blocked_for_account(configuration: Configuration) -> bool:
    """Whether the configuration blocks public access for its account. Raises UnknownValue."""
    return any(not off_in([each], default=False) for each in configuration.of_type(OF_ACCOUNT))


def off_in(blocks: Iterable[Block], *, default: bool) -> list[str]:
    """The settings that are off. Raises UnknownValue."""
    return [name for block in blocks for name in SETTINGS if not block.flag(name, default=default)]


BLOCK = """\
resource "aws_s3_bucket" "images" {
  bucket = "images"
}
resource "aws_s3_bucket_public_access_block" "images" {
  bucket                  = aws_s3_bucket.images.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
"""

RULE = CheckovRule(
    id="CKV2_MEALS_235",
    name="S3 blocks public access",
    severity="high",
    claim="C1",
    controls=security_hub("S3.1", "S3.8", "S3.19", "S3.24") + nist("AC-3", "AC-6", "SC-7"),
    fix="Attach an aws_s3_bucket_public_access_block with all four settings true.",
    good=BLOCK,
    bad=BLOCK.replace("block_public_policy     = true", "block_public_policy     = false"),
    applies_to=(BUCKET, OF_BUCKET, OF_ACCOUNT, POINT, GROUP),
    evaluate=evaluate,
)
