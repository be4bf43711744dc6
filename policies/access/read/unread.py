"""What says who may use something and is not read: nothing is said then of who may use what it is about."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from policies.library.model import Configuration
from policies.reachability.network import Assumption

POLICIES = (
    "access_policies",
    "access_policy",
    "delivery_destination_policy",
    "policy",
    "policy_document",
    "repository_policy",
    "resource_policy",
    "s3_policy_document",
    "session_policy",
)
"""What the provider calls the attributes that hold policies of access."""
LETS_IN = frozenset(
    {
        "aws_acmpca_permission",
        "aws_ami_launch_permission",
        "aws_api_gateway_authorizer",
        "aws_api_gateway_method",
        "aws_apigatewayv2_authorizer",
        "aws_apigatewayv2_route",
        "aws_appsync_graphql_api",
        "aws_cloud9_environment_membership",
        "aws_eks_access_entry",
        "aws_eks_access_policy_association",
        "aws_globalaccelerator_cross_account_attachment",
        "aws_grafana_role_association",
        "aws_lakeformation_data_lake_settings",
        "aws_lakeformation_opt_in",
        "aws_lakeformation_permissions",
        "aws_licensemanager_grant",
        "aws_lightsail_bucket_resource_access",
        "aws_network_interface_permission",
        "aws_quicksight_analysis",
        "aws_quicksight_dashboard",
        "aws_quicksight_data_set",
        "aws_quicksight_data_source",
        "aws_quicksight_folder",
        "aws_quicksight_template",
        "aws_quicksight_theme",
        "aws_ram_principal_association",
        "aws_ram_resource_share",
        "aws_redshift_data_share_authorization",
        "aws_redshift_endpoint_authorization",
        "aws_s3control_access_grant",
        "aws_s3control_directory_bucket_access_point_scope",
        "aws_s3control_multi_region_access_point",
        "aws_s3control_multi_region_access_point_policy",
        "aws_s3control_object_lambda_access_point",
        "aws_securitylake_subscriber",
        "aws_servicecatalog_portfolio_share",
        "aws_servicecatalog_principal_portfolio_association",
        "aws_signer_signing_profile_permission",
        "aws_snapshot_create_volume_permission",
        "aws_ssoadmin_account_assignment",
        "aws_ssoadmin_application_assignment",
        "aws_ssoadmin_permission_set_inline_policy",
        "aws_verifiedpermissions_policy",
        "aws_vpc_endpoint_service_allowed_principal",
    }
)
"""Types that let somebody in without a policy: by an account, a principal, a grant or a share."""
LETS_IN_BY: Mapping[str, tuple[str, ...]] = {
    "aws_db_cluster_snapshot": ("shared_accounts",),
    "aws_db_snapshot": ("shared_accounts",),
    "aws_db_snapshot_copy": ("shared_accounts",),
    "aws_dlm_lifecycle_policy": ("policy_details",),
    "aws_elastictranscoder_pipeline": (
        "content_config_permissions",
        "thumbnail_config_permissions",
    ),
    "aws_imagebuilder_distribution_configuration": ("distribution",),
    "aws_rds_cluster_snapshot_copy": ("shared_accounts",),
    "aws_s3_bucket_object": ("acl",),
    "aws_s3_object": ("acl",),
    "aws_s3_object_copy": (
        "acl",
        "grant",
    ),
    "aws_ssm_document": ("permissions",),
    "aws_vpc_endpoint_service": ("allowed_principals",),
}
"""Types that may do so, and the arguments that do."""
NO_ACCESS = frozenset(
    {
        "aws_cloudwatch_log_account_policy",
        "aws_cloudwatch_log_data_protection_policy",
        "aws_cloudwatch_log_index_policy",
        "aws_ecr_lifecycle_policy",
        "aws_iot_policy_attachment",
        "aws_networkmanager_core_network_policy_attachment",
        "aws_opensearchserverless_lifecycle_policy",
        "aws_resiliencehub_resiliency_policy",
        "aws_sns_topic_data_protection_policy",
        "aws_sqs_queue_redrive_allow_policy",
    }
)
"""Types whose policy is not about who may use what is declared."""
_OF_OTHERS = ("aws_iam_", "aws_organizations_", "aws_vpc_endpoint_policy")
"""Types that begin so have policies of callers, accounts or ways, which are read, or only restrict."""


def unread(configuration: Configuration, read: Collection[str]) -> Iterator[Assumption]:
    """What has a policy or lets somebody in, and is of none of the types that are read."""
    for address, resource in sorted(configuration.resources.items()):
        if resource.type in LETS_IN or any(map(resource.has, LETS_IN_BY.get(resource.type, ()))):
            yield Assumption(f"whom {address} lets in is not read: who may use what it is about is not said", resource)
        elif is_named(resource.type, read) and any(map(resource.has, POLICIES)):
            yield Assumption(f"the policy of {address} is not read: who may use what it is about is not said", resource)


def is_named(type_: str, read: Collection[str]) -> bool:
    """Whether policies of a type are said not to be read."""
    if type_ in read or type_ in NO_ACCESS or not type_.startswith("aws_") or type_ == "aws_vpc_endpoint":
        return False
    return not type_.startswith(_OF_OTHERS)
