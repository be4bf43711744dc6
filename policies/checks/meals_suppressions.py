"""What makes checkov honour suppressions, and the rule that they must meet.

checkov loads this file first, because it lies above the packs.
"""

import sys
from pathlib import Path

_CHECKOUT = str(Path(__file__).resolve().parents[2])
if _CHECKOUT not in sys.path:  # a checkov that is not installed in the checkout's own environment
    sys.path.append(_CHECKOUT)

from policies.checkov.suppressions import install  # noqa: E402
from policies.library.rule import Rule  # noqa: E402

RULE = Rule(
    id="CKV2_MEALS_001",
    name="Suppressions have a reason, an owner and a date, have not expired, and are needed",
    severity="high",
    claim="",
    controls=("NIST 800-53 CM-6",),
    fix="Complete the suppression, renew its date after looking at the decision again, or remove it.",
    good="""\
{"resource": {"aws_s3_bucket": {"logs": {"bucket": "logs", "//": {"suppressions": {"CKV_AWS_18": {
  "reason": "The bucket that access logs go to cannot log to itself", "owner": "platform", "expires": "2027-12-31"
}}}}}}}""",
    bad="""\
{"resource": {"aws_s3_bucket": {"logs": {"bucket": "logs", "//": {"suppressions": {"CKV_AWS_18": {
  "reason": "", "owner": "platform", "expires": "2020-12-31"
}}}}}}}""",
    applies_to=(),  # every resource that carries a suppression, whatever its type
    evaluate=lambda _resource, _configuration: (),  # judged against the findings of all other rules, after them
)

install(RULE)
