"""CKV2_MEALS_103: listeners of network load balancers terminate TLS.

A TCP, UDP or TCP_UDP listener passes on whatever clients send, on port 443 as on any other. One is let pass: TCP to a
target group of type `alb`, since an application load balancer behind a network load balancer can be reached in no other
way and is judged by its own listeners. QUIC is encrypted by itself. Sources: Security Hub ELB.18, ELB.22.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.load_balancers import LISTENERS, protocol, target_groups
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub

TRANSPORT = ("TCP", "UDP", "TCP_UDP", "TCP_QUIC")


def evaluate(listener: Resource, configuration: Configuration) -> Findings:
    """A finding for a listener that passes on what clients send."""
    spoken = protocol(listener, configuration)
    if spoken in TRANSPORT and not (spoken == "TCP" and leads_to_load_balancers(listener, configuration)):
        yield Finding(
            found=f"a {spoken} listener on port {listener.text('port', default='unset')}",
            allowed="TLS or HTTPS, or TCP to a target group of type alb",
        )


def leads_to_load_balancers(listener: Resource, configuration: Configuration) -> bool:
    """Whether all target groups of a listener are application load balancers. Raises UnknownValue."""
    groups = [configuration.resolve(group) for group in target_groups(listener)]
    return bool(groups) and all(
        found and all(group.text("target_type") == "alb" for group in found) for found in groups
    )


RULE = CheckovRule(
    id="CKV2_MEALS_103",
    name="Listeners of network load balancers terminate TLS",
    severity="high",
    claim="C7",
    controls=security_hub("ELB.18") + nist("SC-8"),
    fix='Set protocol = "TLS" with a certificate and ssl_policy, or put an application load balancer behind it.',
    good="""\
resource "aws_lb_listener" "tls" {
  load_balancer_arn = aws_lb.network.arn
  port              = 443
  protocol          = "TLS"
  certificate_arn   = aws_acm_certificate.edge.arn
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.servers.arn
  }
}
""",
    bad="""\
resource "aws_lb_listener" "tcp" {
  load_balancer_arn = aws_lb.network.arn
  port              = 443
  protocol          = "TCP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.servers.arn
  }
}
""",
    applies_to=LISTENERS,
    evaluate=evaluate,
)
