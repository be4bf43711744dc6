"""The directory that checkov is given: rules and nothing else. How to write one:

A rule is one file `policies/checks/<pack>/meals_<stem>.py`:

    from policies.checkov.adapter import CheckovRule
    from policies.library.model import Configuration, Resource
    from policies.library.rule import Finding, Findings, nist, security_hub


    def evaluate(topic: Resource, configuration: Configuration) -> Findings:
        if not topic.has("kms_master_key_id"):
            yield Finding(found="no key", allowed="a customer-managed KMS key in kms_master_key_id")


    RULE = CheckovRule(
        id="CKV2_MEALS_199",
        name="SNS topics are encrypted with a customer-managed key",
        severity="high",
        claim="C7",
        controls=security_hub("SNS.1") + nist("SC-28"),
        fix="Set kms_master_key_id to the ARN of a customer-managed key.",
        good='resource "aws_sns_topic" "t" { kms_master_key_id = aws_kms_key.k.arn }',
        bad='resource "aws_sns_topic" "t" { name = "t" }',
        applies_to=("aws_sns_topic",),
        evaluate=evaluate,
    )

`evaluate` is called once for each resource whose type is in `applies_to` and yields what is wrong with it; a resource
for which it yields nothing has passed. It is pure: it reads its two arguments and nothing else. What it is given is the
same for HCL, Terraform JSON and plans: variables, locals, modules, count, for_each, dynamic blocks, conditions,
functions and jsonencode are already worked out (`policies/library/terraform`).

Reading attributes (`Block`, of which `Resource` is one; nested blocks are read the same way):

- `text`, `flag`, `number`, `texts`: known values, "443" and 443 alike; not set gives the default you name: name AWS's.
- `blocks("ingress")`, `block("vpc_config")`: nested blocks, whatever their number; `mapping("tags")`: a map.
- `has`: whether something is set, be it known or not. `get`, `values`: the value as it is.

Unknown values need no thought: reading or comparing one raises `UnknownValue`, and the resource fails the rule with a
message of its own. Where a rule does not need the value itself, it must not read it: ask `has` (is any key set?) or
`configuration.resolve` (which resource is meant?) instead of `text`. Never catch UnknownValue in order to pass; catch
it only where another value makes the resource bad anyway, or good whatever the value is.

References: `configuration.resolve(topic.get("kms_master_key_id"))` gives the resources that a value refers to, by
reference, inside text, or by ARN or id as in plans; empty means something outside this configuration, or unknown.
`configuration.referring(subnet, "aws_route_table_association", "subnet_id")` goes the other way, also into nested
blocks (`"default_action", "target_group_arn"`). `configuration.of_type("aws_route")` lists resources; data sources have
types such as "data.aws_ami".

Where absence decides, ask `configuration.referrers(...)` and `configuration.targets(...)` instead: they know what may
be linked as well (a count, a variable or a module that nobody knows), and raise UnknownValue where that decides. What
is certain stands in `.certain`.

Plans say less of unknown values. `resolve` gives all that an argument of any `ingress` or `route` block refers to, and
nothing for dynamic blocks, whose unknown values are unknown, not unset. Text with an ARN in it is unknown as a whole.

Choose as subject the resource that is wrong: it is where a suppression is written and what a reader will look at.
A rule about what is missing (a VPC without flow logs) has the one that lacks it as its subject, and looks for
`configuration.referrers(...)`.

Policy documents: `policies.library.documents.document(value, configuration)` reads JSON text, heredocs, jsonencode and
aws_iam_policy_document alike; `policies.library.access` says what it amounts to, `policies.library.narrowing` which
conditions tie a grant to known callers, `policies.library.attached` which policies a bucket, topic or queue has. Keys:
`policies.library.keys`; what is encrypted at all is CKV2_MEALS_160. Networks: `policies.library.cidrs`;
ports: `policies.library.ports`; private subnets and their routes: `policies.library.routing`.

Cases: `tests/policies/cases/<RULE ID>/passing.tf` and `failing.tf`, several resources each. Every resource of a type in
`applies_to` must pass in the one, and in the other fail if the line above it is the comment `# expect: fail`,
`# expect: unknown` (fails because a value is unknown), or pass if it has none. `tests/policies/test_cases.py` runs them
as HCL, as Terraform JSON and as a plan through checkov.
"""
