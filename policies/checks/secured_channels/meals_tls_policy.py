"""CKV2_MEALS_101: TLS listeners use a policy of the strict list.

Source of the list: AWS Security Hub control ELB.17 and the table of security policies in the Elastic Load Balancing
documentation: TLS 1.3 only, or TLS 1.2 with forward secrecy and authenticated encryption ("Res"), with their FIPS and
post-quantum kin. ELB.17 also lists TLS13-1-2 itself, whose TLS 1.2 has CBC ciphers for older clients, and its kin. The
API's own default, ELBSecurityPolicy-2016-08, allows TLS 1.0.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub

STRICT = frozenset(
    {
        "ELBSecurityPolicy-TLS13-1-3-2021-06",
        "ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04",
        "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09",
        "ELBSecurityPolicy-TLS13-1-3-FIPS-PQ-2025-09",
        "ELBSecurityPolicy-TLS13-1-2-2021-06",
        "ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04",
        "ELBSecurityPolicy-TLS13-1-2-FIPS-PQ-2025-09",
        "ELBSecurityPolicy-TLS13-1-2-PQ-2025-09",
        "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
        "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04",
        "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
        "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-PQ-2025-09",
    }
)
ALLOWED = "one of " + ", ".join(sorted(STRICT))


def evaluate(listener: Resource, configuration: Configuration) -> Findings:
    """Findings for a listener that terminates TLS with another policy, or with AWS's default."""
    if listener.text("protocol", default="HTTP").upper() not in ("HTTPS", "TLS"):
        return
    policy = listener.text("ssl_policy")
    if policy not in STRICT:
        yield Finding(
            found=f"ssl_policy {policy}" if policy else "AWS's default, ELBSecurityPolicy-2016-08", allowed=ALLOWED
        )


LISTENER = """\
resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.edge.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
}
"""

RULE = CheckovRule(
    id="CKV2_MEALS_101",
    name="TLS listeners use a security policy of the strict list",
    severity="high",
    claim="C7",
    controls=security_hub("ELB.17") + nist("SC-8", "SC-13"),
    fix='Set ssl_policy = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09".',
    good=LISTENER,
    bad=LISTENER.replace("TLS13-1-2-Res-PQ-2025-09", "TLS13-1-0-2021-06"),
    applies_to=("aws_lb_listener", "aws_alb_listener"),
    evaluate=evaluate,
)
