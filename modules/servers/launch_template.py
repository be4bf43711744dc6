"""The launch template of a server template: what one instance looks like."""

from cdktf import Fn, TerraformLocal
from cdktf_cdktf_provider_aws.launch_template import LaunchTemplate as AwsLaunchTemplate
from cdktf_cdktf_provider_aws.launch_template import (
    LaunchTemplateBlockDeviceMappings,
    LaunchTemplateBlockDeviceMappingsEbs,
    LaunchTemplateIamInstanceProfile,
    LaunchTemplateMetadataOptions,
    LaunchTemplateMonitoring,
    LaunchTemplateNetworkInterfaces,
    LaunchTemplateTagSpecifications,
)
from constructs import Construct

from envs.settings.servers import ServerTemplate as ServerSettings
from modules.common.context import Context
from modules.common.suppressions import suppress
from modules.network.security_group import SecurityGroup
from modules.servers.instance_profile import InstanceProfile

ROOT_DEVICE = "/dev/xvda"  # Amazon Linux 2023 user guide: the root device of its images
PUBLIC_ADDRESS_RULES = ("CKV_AWS_88", "CKV2_MEALS_203")
"""The rules against public addresses anywhere; CKV2_MEALS_202, for private subnets, is never suppressed."""

TAGGED = ("instance", "network-interface", "volume")  # what a launch makes; default tags do not reach them


class LaunchTemplate(Construct):
    """Amazon Linux 2023 with IMDSv2 only, an encrypted root volume and one network interface in one security group.

    `image_id` is an AMI id, `user_data` plain text.
    Attributes: `template_id`, and `version`, the number of the newest version.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        context: Context,
        name: str,
        image_id: str,
        settings: ServerSettings,
        instance_profile: InstanceProfile,
        security_group: SecurityGroup,
        associate_public_ip_address: bool,
        user_data: str,
    ) -> None:
        super().__init__(scope, id)
        names = context.names
        # As a local it stays readable text in the synthesized Terraform; only the reference is encoded.
        text = TerraformLocal(self, "user-data", user_data)
        template = AwsLaunchTemplate(
            self,
            "template",
            name=names.name(name),
            description=f"Instances of {names.name(name)}",
            update_default_version=True,
            image_id=image_id,
            instance_type=settings.instance_type,
            ebs_optimized="true",
            instance_initiated_shutdown_behavior="terminate",
            user_data=Fn.base64encode(text.as_string),
            iam_instance_profile=LaunchTemplateIamInstanceProfile(arn=instance_profile.instance_profile_arn),
            metadata_options=LaunchTemplateMetadataOptions(
                http_endpoint="enabled",
                http_tokens="required",
                http_put_response_hop_limit=1,
                http_protocol_ipv6="disabled",
                instance_metadata_tags="disabled",
            ),
            monitoring=LaunchTemplateMonitoring(enabled=True),
            block_device_mappings=[
                LaunchTemplateBlockDeviceMappings(
                    device_name=ROOT_DEVICE,
                    ebs=LaunchTemplateBlockDeviceMappingsEbs(
                        volume_type="gp3",
                        volume_size=settings.root_volume_gib,
                        encrypted="true",
                        kms_key_id=context.keys.compute.arn,
                        delete_on_termination="true",
                    ),
                )
            ],
            network_interfaces=[
                LaunchTemplateNetworkInterfaces(
                    device_index=0,
                    # Set either way: the subnet's own setting must never decide it.
                    associate_public_ip_address="true" if associate_public_ip_address else "false",
                    delete_on_termination="true",
                    security_groups=[security_group.security_group_id],
                )
            ],
            tag_specifications=[
                LaunchTemplateTagSpecifications(
                    resource_type=resource_type, tags={**names.default_tags, **names.tags(name)}
                )
                for resource_type in TAGGED
            ],
            tags=names.tags(name),
        )
        if associate_public_ip_address:
            for rule in PUBLIC_ADDRESS_RULES:
                suppress(
                    template,
                    rule=rule,
                    reason="Public servers call the declared external systems from public subnets without NAT "
                    "(docs/adr/0004-public-servers.md); their security group accepts nothing from the internet",
                    expires="2027-05-31",
                )
        self.template_id: str = template.id
        self.version: str = Fn.tostring(template.latest_version)
