"""CKV2_MEALS_301: the internet reaches nothing in private subnets, on any port, by any way."""

from policies.checkov.adapter import CheckovRule
from policies.library.rule import nist
from policies.reachability.claims import examples
from policies.reachability.claims.rules import SUBJECTS, broken

RULE = CheckovRule(
    id="CKV2_MEALS_301",
    name="Nothing in a private subnet can be reached from the internet",
    severity="critical",
    claim="C1",
    controls=nist("SC-7", "AC-4"),
    fix="Close what the finding names: a route, a public address, a rule for the internet, or a listener.",
    good=examples.NETWORK + examples.broker() + examples.accept("broker", "10.0.0.0/16", 5671),
    bad=(
        examples.NETWORK
        + examples.broker(is_public=True)
        + examples.accept("broker", "0.0.0.0/0", 5671)
        + examples.PRIVATE_TO_INTERNET
    ),
    applies_to=SUBJECTS,
    evaluate=lambda subject, configuration: broken("CKV2_MEALS_301", SUBJECTS, subject, configuration),
)
