"""CKV2_MEALS_225: metadata answers travel one hop, so that no container or forwarded request gets credentials.

Not set is 1 where the image and the account say nothing else.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist

TYPES = ("aws_instance", "aws_launch_template", "aws_launch_configuration", "aws_spot_instance_request")


def evaluate(server: Resource, _: Configuration) -> Findings:
    """A finding for a server whose metadata answers travel further than one hop."""
    for options in server.blocks("metadata_options"):
        limit = options.number("http_put_response_hop_limit")
        if limit is not None and limit > 1 and options.text("http_endpoint", default="enabled") != "disabled":
            yield Finding(found=f"http_put_response_hop_limit = {limit}", allowed="1")


RULE = CheckovRule(
    id="CKV2_MEALS_225",
    name="Instance metadata travels one hop",
    severity="medium",
    claim="C4",
    controls=nist("AC-6", "SC-7"),
    fix="Set http_put_response_hop_limit = 1.",
    good="""\
resource "aws_launch_template" "server" {
  metadata_options {
    http_put_response_hop_limit = 1
  }
}
""",
    bad="""\
resource "aws_launch_template" "server" {
  metadata_options {
    http_put_response_hop_limit = 2
  }
}
""",
    applies_to=TYPES,
    evaluate=evaluate,
)
