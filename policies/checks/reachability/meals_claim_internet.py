"""CKV2_MEALS_302: what the internet reaches is the public load balancer: 443, which leads on to the public servers, and
80, which only redirects.
"""

from collections.abc import Iterator

from policies.checkov.adapter import register
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Rule
from policies.reachability.claims import examples
from policies.reachability.claims.rules import SUBJECTS, broken


def evaluate(subject: Resource, configuration: Configuration) -> Iterator[Finding]:
    """Findings for each connection that `subject` takes part in and the claim forbids, or demands and does not get."""
    return broken("CKV2_MEALS_302", SUBJECTS, subject, configuration)


ALLOWED = (
    examples.NETWORK,
    examples.load_balancer("public"),
    examples.redirect(),
    examples.server("core"),
    examples.forward("public", "core", 443, 8443),
    examples.accept("public", "0.0.0.0/0", 443),
    examples.accept("public", "0.0.0.0/0", 80),
    examples.path("public", "core", 8443),
    examples.path("core", "core", 8443),
)

RULE = Rule(
    id="CKV2_MEALS_302",
    name="The internet reaches the public load balancer on 443 and 80 only, and servers only through its port 443",
    severity="critical",
    claim="C1",
    controls=("NIST 800-53 SC-7", "NIST 800-53 AC-4"),
    fix="Close what the finding names, or restore the path that is missing.",
    good="".join(ALLOWED),
    bad="".join((*ALLOWED, examples.accept("core", "0.0.0.0/0", 22))),
    applies_to=SUBJECTS,
    evaluate=evaluate,
)

register(RULE)
