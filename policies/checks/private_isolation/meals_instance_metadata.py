"""CKV2_MEALS_224: instances give metadata to IMDSv2 requests only.

Without metadata_options the account's and image's defaults decide, and those may be IMDSv1; a default of the account is
declared for a region, so it counts for what the same provider makes (EC2 user guide, "Configure instance metadata
options for new instances"). An instance launched from a template may have them there.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.model import Block, Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub

ALLOWED = 'metadata_options { http_tokens = "required" }'
TYPES = ("aws_instance", "aws_launch_template", "aws_launch_configuration", "aws_spot_instance_request")
DEFAULTS = "aws_ec2_instance_metadata_defaults"
BUILDER = "aws_imagebuilder_infrastructure_configuration"


def evaluate(server: Resource, configuration: Configuration) -> Findings:
    """A finding for a server that answers IMDSv1 requests, or may."""
    if server.type == DEFAULTS:
        if server.text("http_tokens", default="no-preference") != "required":
            yield Finding(found="no default that asks for IMDSv2", allowed='http_tokens = "required"')
        return
    holders: list[Block] = [server]
    for launched in server.blocks("launch_template"):
        for name in ("id", "name"):
            holders += configuration.resolve(launched.get(name))
    options = next((found for each in holders if (found := each.block(options_of(server))) is not None), None)
    if options is None and not _is_asked_by_default(server, configuration):
        yield Finding(found="no metadata_options, so that IMDSv1 may be on", allowed=ALLOWED)
    elif options is not None and options.text("http_endpoint", default="enabled") != "disabled":
        tokens = options.text("http_tokens", default="optional")
        if tokens != "required":
            yield Finding(found=f"http_tokens = {tokens}", allowed=ALLOWED)


def _is_asked_by_default(server: Resource, configuration: Configuration) -> bool:
    """Whether the account asks new servers for IMDSv2. Raises UnknownValue."""
    defaults = [each for each in configuration.of_type(DEFAULTS) if each.provider == server.provider]
    return any(not each.number_unknown and each.text("http_tokens") == "required" for each in defaults)


def options_of(server: Resource) -> str:
    """The block with the options of a server, or of the servers that build images."""
    return "instance_metadata_options" if server.type == BUILDER else "metadata_options"


RULE = CheckovRule(
    id="CKV2_MEALS_224",
    name="Instances require IMDSv2",
    severity="high",
    claim="C4",
    controls=(
        *security_hub("EC2.8", "EC2.170", "AutoScaling.3"),
        "CIS AWS Foundations v3.0.0 5.6",
        *nist("AC-3", "AC-6"),
    ),
    fix='Set metadata_options { http_tokens = "required" }.',
    good="""\
resource "aws_launch_template" "server" {
  metadata_options {
    http_tokens = "required"
  }
}
""",
    bad="""\
resource "aws_launch_template" "server" {
  name = "server"
}
""",
    applies_to=(*TYPES, BUILDER, DEFAULTS),
    evaluate=evaluate,
)
