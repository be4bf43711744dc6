"""CKV2_MEALS_302: what the internet reaches is the public load balancer: 443, which leads on to the public servers, and
80, which only redirects.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.rule import nist
from policies.reachability.claims import examples
from policies.reachability.claims.rules import SUBJECTS, broken

RULE = CheckovRule(
    id="CKV2_MEALS_302",
    name="The internet reaches the public load balancer on 443 and 80 only, and servers only through its port 443",
    severity="critical",
    claim="C1",
    controls=nist("SC-7", "AC-4"),
    fix="Close what the finding names, or restore the path that is missing.",
    good=examples.PUBLIC_SIDE,
    bad=examples.PUBLIC_SIDE + examples.accept("core", "0.0.0.0/0", 22),
    applies_to=SUBJECTS,
    evaluate=lambda subject, configuration: broken("CKV2_MEALS_302", SUBJECTS, subject, configuration),
)
