"""CKV2_MEALS_109: ports whose protocols need not be encrypted are closed to public addresses.

Any public network counts, be it the whole internet or one office. Port 80 may be open where all that answers on it is a
load balancer that redirects to HTTPS: the group belongs to load balancers and to nothing else here, and each of them
has a listener on port 80 that, with its rules, only redirects.
"""

from collections.abc import Iterator

from policies.checkov.adapter import register
from policies.library.model import Configuration, Resource
from policies.library.plaintext import listing, tls_optional, without_tls
from policies.library.redirects import HTTP, is_redirected
from policies.library.rule import Finding, Rule
from policies.library.security_groups import TYPES, permissions


def evaluate(subject: Resource, configuration: Configuration) -> Iterator[Finding]:
    """Findings for each inbound rule with public peers that reaches such a port."""
    for permission in permissions(subject, "ingress"):
        traffic = permission.traffic
        ports = (*without_tls(traffic), *tls_optional(traffic))
        if not ports or not permission.cidrs:
            continue
        public = permission.public_networks()
        if public and not (ports == (HTTP,) and is_redirected(permission, configuration)):
            yield Finding(
                found=f"{traffic} from {', '.join(str(each) for each in public)}, which reaches {listing(ports)}",
                allowed="443 from public addresses, and 80 where a load balancer only redirects to HTTPS",
            )


RULE = Rule(
    id="CKV2_MEALS_109",
    name="Plaintext ports are closed to public addresses",
    severity="critical",
    claim="C7",
    controls=("AWS Security Hub EC2.18", "AWS Security Hub EC2.19", "NIST 800-53 SC-7", "NIST 800-53 SC-8"),
    fix="Remove the rule, or narrow its ports to 443; give port 80 to a load balancer that only redirects to HTTPS.",
    good="""\
resource "aws_vpc_security_group_ingress_rule" "https" {
  security_group_id = aws_security_group.edge.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
""",
    bad="""\
resource "aws_vpc_security_group_ingress_rule" "amqp" {
  security_group_id = aws_security_group.broker.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 5671
  to_port           = 5672
}
""",
    applies_to=TYPES,
    evaluate=evaluate,
)

register(RULE)
