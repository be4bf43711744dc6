"""CKV2_MEALS_220: VPC endpoints have a policy, and it does not let everyone do everything with everything.

Without a policy AWS attaches one that allows full access (AWS PrivateLink guide, "Control access to VPC endpoints using
endpoint policies"): whoever gets onto a server can then copy data to an account of his own. Open is a statement that
allows any principal wildcard actions on every resource without a condition on the caller or on the resource's account.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.documents import Statement, any_holds, document, holding
from policies.library.model import Configuration, Resource
from policies.library.narrowing import demands, is_fixed, is_narrowed
from policies.library.rule import Finding, Findings, nist
from policies.library.values import Partial, Reference, label_of

ALLOWED = "a policy limited to principals or resources of the account, or to named actions and resources"
RESOURCE_KEYS = ("aws:resourceaccount", "aws:resourceorgid", "aws:resourceorgpaths", "s3:resourceaccount")
WITHOUT_POLICY = ("pipes-data",)
"""Services whose endpoints take no policy. Source: Amazon EventBridge user guide, "Using Amazon EventBridge Pipes with
interface VPC endpoints" (pipes-data)."""
OTHER_TYPES = ("GatewayLoadBalancer", "Resource", "ServiceNetwork")
"""Kinds of endpoint that lead to no AWS API and take no policy."""


def evaluate(subject: Resource, configuration: Configuration) -> Findings:
    """A finding for an endpoint without policy, and for each statement that opens one."""
    if subject.type == "aws_vpc_endpoint":
        if not takes_policy(subject) or configuration.referrers(subject, "aws_vpc_endpoint_policy", "vpc_endpoint_id"):
            return
        if not subject.has("policy"):
            yield Finding(found="no policy, which allows everything", allowed=ALLOWED)
            return
    for statement in holding(document(subject.get("policy"), configuration).grants, is_open):
        yield Finding(found=f"a statement {statement.sid} that allows everyone everything", allowed=ALLOWED)


def takes_policy(endpoint: Resource) -> bool:
    """Whether an endpoint leads to an AWS service whose endpoints have policies. Raises UnknownValue."""
    kind = endpoint.get("vpc_endpoint_type")
    if isinstance(kind, str) and kind in OTHER_TYPES:
        return False
    service = endpoint.get("service_name")
    name = label_of("" if service is None else service)
    return ".vpce." not in name and not name.endswith(tuple(f".{each}" for each in WITHOUT_POLICY))


def is_open(statement: Statement) -> bool:
    """Whether a grant is to any principal, for wildcard actions, on every resource, without a narrowing condition."""
    if not statement.is_for_everyone() or is_narrowed(statement):
        return False
    if any_holds(statement.condition(*RESOURCE_KEYS), lambda each: demands(each, _names_owner)):
        return False
    wide = statement.inverts_actions or any(str(each).endswith("*") for each in statement.actions)
    if not wide or statement.inverts_resources:
        return wide
    named = [each for each in statement.resources if not isinstance(each, Reference | Partial)]
    return any_holds(named, lambda each: str(each) in ("*", "arn:aws:s3:::*"))


def _names_owner(text: str) -> bool:
    """Whether an account, an organization or a path in one is no pattern."""
    return is_fixed(text.split("/")[0])


RULE = CheckovRule(
    id="CKV2_MEALS_220",
    name="VPC endpoints have policies that do not allow everything",
    severity="high",
    claim="C3",
    controls=nist("AC-4", "AC-6", "SC-7"),
    fix="Limit the policy with aws:PrincipalAccount and aws:ResourceAccount, or to named actions and resources.",
    good="""\
resource "aws_vpc_endpoint" "s3" {
  vpc_id       = aws_vpc.meals.id
  service_name = "com.amazonaws.us-east-1.s3"
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:*"
      Resource  = "*"
      Condition = { StringEquals = { "aws:PrincipalAccount" = "123456789012" } }
    }]
  })
}
""",
    bad="""\
resource "aws_vpc_endpoint" "s3" {
  vpc_id       = aws_vpc.meals.id
  service_name = "com.amazonaws.us-east-1.s3"
}
""",
    applies_to=("aws_vpc_endpoint", "aws_vpc_endpoint_policy"),
    evaluate=evaluate,
)
