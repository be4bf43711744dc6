"""CKV2_MEALS_119: No other resource policy lets anyone in.

A domain inside a VPC is reached through its security groups only, so its policy may name everyone (OpenSearch developer
guide, "About access policies on VPC domains"); so may that of a private REST API, which is reached through VPC
endpoints only. The policy of any REST API may allow everyone and refuse all but known callers, as AWS's own examples do
(API Gateway developer guide, "Private REST APIs", "API Gateway resource policy examples"): what it allows must be
refused to everyone else, of this API and not of another one.
"""

from collections.abc import Iterator
from dataclasses import replace

from policies.checkov.adapter import CheckovRule
from policies.library import examples
from policies.library.access import is_public
from policies.library.documents import Statement, any_holds, covers_paths, document
from policies.library.grants import public_findings
from policies.library.model import Block, Configuration, Resource
from policies.library.narrowing import as_text, is_fixed, spares_known_callers_only
from policies.library.rule import Finding, Findings, nist
from policies.library.values import Partial, Unknown, Value

DOMAINS = frozenset(
    {
        "aws_elasticsearch_domain",
        "aws_elasticsearch_domain_policy",
        "aws_opensearch_domain",
        "aws_opensearch_domain_policy",
    }
)

APIS = frozenset({"aws_api_gateway_rest_api", "aws_api_gateway_rest_api_policy"})
CALL = "execute-api:Invoke"
"""The action of calling an API; its others are parts of a call."""

POLICIES = {
    "aws_acmpca_policy": "policy",
    "aws_api_gateway_domain_name": "policy",
    "aws_api_gateway_rest_api": "policy",
    "aws_api_gateway_rest_api_policy": "policy",
    "aws_backup_vault_policy": "policy",
    "aws_bedrockagentcore_resource_policy": "policy",
    "aws_cloudsearch_domain_service_access_policy": "access_policy",
    "aws_cloudwatch_event_bus_policy": "policy",
    "aws_cloudwatch_log_delivery_destination_policy": "delivery_destination_policy",
    "aws_cloudwatch_log_destination_policy": "access_policy",
    "aws_cloudwatch_log_resource_policy": "policy_document",
    "aws_codeartifact_domain_permissions_policy": "policy_document",
    "aws_codeartifact_repository_permissions_policy": "policy_document",
    "aws_codebuild_resource_policy": "policy",
    "aws_dynamodb_resource_policy": "policy",
    "aws_ecr_registry_policy": "policy",
    "aws_ecr_repository_creation_template": "repository_policy",
    "aws_ecr_repository_policy": "policy",
    "aws_ecrpublic_repository_policy": "policy",
    "aws_efs_file_system_policy": "policy",
    "aws_elasticsearch_domain": "access_policies",
    "aws_elasticsearch_domain_policy": "access_policies",
    "aws_fsx_s3_access_point_attachment": "s3_access_point.policy",
    "aws_glacier_vault": "access_policy",
    "aws_glacier_vault_lock": "policy",
    "aws_glue_resource_policy": "policy",
    "aws_iam_role": "assume_role_policy",
    "aws_kinesis_resource_policy": "policy",
    "aws_media_store_container_policy": "policy",
    "aws_msk_cluster_policy": "policy",
    "aws_networkfirewall_resource_policy": "policy",
    "aws_oam_sink_policy": "policy",
    "aws_opensearch_domain": "access_policies",
    "aws_opensearch_domain_policy": "access_policies",
    "aws_organizations_resource_policy": "content",
    "aws_prometheus_resource_policy": "policy_document",
    "aws_redshift_resource_policy": "policy",
    "aws_redshiftserverless_resource_policy": "policy",
    "aws_s3control_access_grants_instance_resource_policy": "policy",
    "aws_s3control_multi_region_access_point_policy": "details.policy",
    "aws_s3files_file_system_policy": "policy",
    "aws_s3tables_table_bucket_policy": "resource_policy",
    "aws_s3tables_table_policy": "resource_policy",
    "aws_s3vectors_vector_bucket_policy": "policy",
    "aws_sagemaker_model_package_group_policy": "resource_policy",
    "aws_schemas_registry_policy": "policy",
    "aws_secretsmanager_secret": "policy",
    "aws_secretsmanager_secret_policy": "policy",
    "aws_ses_identity_policy": "policy",
    "aws_sesv2_email_identity_policy": "policy",
    "aws_vpclattice_auth_policy": "policy",
    "aws_vpclattice_resource_policy": "policy",
    "aws_xray_resource_policy": "policy_document",
}
"""Type -> the attribute that holds its policy, in a block where there is a dot."""
PERMISSION = "aws_cloudwatch_event_permission"
"""A statement of an event bus, written out."""


def evaluate(resource: Resource, configuration: Configuration) -> Findings:
    """A finding for each statement that lets anyone use what the policy is attached to."""
    if resource.type == PERMISSION:
        if resource.text("principal") == "*" and not any(map(_names_organization, resource.blocks("condition"))):
            yield Finding(found='principal "*"', allowed="an account, or a condition on aws:PrincipalOrgID")
        return
    if resource.type in DOMAINS and _is_in_vpc(resource, configuration):
        return
    if resource.type in APIS and (_is_private(resource, configuration) or _refuses(resource, configuration)):
        return
    block_name, _, name = POLICIES[resource.type].rpartition(".")
    for block in resource.blocks(block_name) if block_name else (resource,):
        yield from public_findings(block, name, configuration)


def _names_organization(condition: Block) -> bool:
    """Whether the condition of a permission names one organization. Raises UnknownValue."""
    return condition.text("key").lower() == "aws:principalorgid" and is_fixed(as_text(condition.get("value")))


def _is_in_vpc(resource: Resource, configuration: Configuration) -> bool:
    domains = configuration.resolve(resource.get("domain_name")) if resource.type.endswith("_policy") else (resource,)
    return bool(domains) and all(domain.has("vpc_options") for domain in domains)


def _is_private(resource: Resource, configuration: Configuration) -> bool:
    apis = _apis(resource, configuration)
    endpoints = [endpoint for api in apis for endpoint in api.blocks("endpoint_configuration")]
    return bool(endpoints) and all(endpoint.texts("types") == ("PRIVATE",) for endpoint in endpoints)


def _apis(resource: Resource, configuration: Configuration) -> tuple[Resource, ...]:
    return configuration.resolve(resource.get("rest_api_id")) if resource.type.endswith("_policy") else (resource,)


def _refuses(resource: Resource, configuration: Configuration) -> bool:
    """Whether what a policy allows anyone it also refuses, to all but known callers. Raises UnknownValue."""
    policy = document(resource.get("policy"), configuration)

    def is_for_known_callers(grant: Statement) -> bool:
        def is_refused_by(refusal: Statement) -> bool:
            return (
                refusal.covers_action(CALL)
                and spares_known_callers_only(refusal)
                and covers_paths(_of_this_api(refusal, grant, resource, configuration), grant)
            )

        def is_refused() -> bool:
            return any_holds(policy.refusals, is_refused_by)

        return any_holds((lambda: not is_public(grant, configuration), is_refused), lambda holds: holds())

    return all(map(is_for_known_callers, policy.grants))


def _of_this_api(refusal: Statement, grant: Statement, policy: Resource, configuration: Configuration) -> Statement:
    """A refusal without what it refuses of other APIs; of an id that may be this API's own nobody knows."""
    apis = _apis(policy, configuration)
    ids = {each for each in (policy.get("rest_api_id"), *(api.get("id") for api in apis)) if isinstance(each, str)}
    granted = set(map(_api_id, grant.resources))

    def own(value: Value) -> Iterator[Value]:
        others = [each for each in configuration.resolve(value) if each.type in APIS and each not in apis]
        id_ = _api_id(value)
        if others or (id_ and ids and id_ not in ids):
            return
        is_known = id_ in ids or id_ in granted if id_ else not _is_of_unknown_api(value, apis, configuration)
        yield value if is_known else Unknown(str(value), reason="it may be another API's")

    return replace(refusal, resources=tuple(each for value in refusal.resources for each in own(value)))


def _is_of_unknown_api(value: Value, apis: tuple[Resource, ...], configuration: Configuration) -> bool:
    """Whether the id of the API in an ARN is unknown, and not for certain one of some APIs'."""
    if not isinstance(value, Unknown) or set(apis) & set(configuration.resolve(value)):
        return False
    parts = value.parts if isinstance(value, Partial) else (value,)
    written = "".join(part if isinstance(part, str) else "\ue000" for part in parts).split("/")[0].split(":")
    return any("\ue000" in part for part in written) and (len(written) < _ARN_PARTS or "\ue000" in written[5])


def _api_id(value: Value) -> str:
    """The id of an API that a literal ARN names; empty for any other value, and for a pattern."""
    parts = value.split("/")[0].split(":") if isinstance(value, str) else []
    return parts[5] if len(parts) == _ARN_PARTS and is_fixed(parts[5]) else ""


_ARN_PARTS = 6


RULE = CheckovRule(
    id="CKV2_MEALS_119",
    name="Resource policies grant no public access",
    severity="critical",
    claim="C7",
    controls=nist("AC-3", "AC-6", "SC-7"),
    fix="Name the principals, or tie the statement to an account, organization, endpoint or resource by a condition.",
    good=examples.policy(
        "aws_ecr_repository_policy",
        "repository = aws_ecr_repository.r.name",
        principal=examples.READER,
        action="ecr:BatchGetImage",
    ),
    bad=examples.policy("aws_ecr_repository_policy", "repository = aws_ecr_repository.r.name", action="ecr:*"),
    applies_to=(*POLICIES, PERMISSION),
    evaluate=evaluate,
)
