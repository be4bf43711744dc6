"""The image of the servers: one for all templates of an environment, as the release says."""

from cdktf_cdktf_provider_aws.data_aws_ssm_parameter import DataAwsSsmParameter
from constructs import Construct

from envs.settings.release import Release


def image_id(scope: Construct, release: Release) -> str:
    """Return the release's AMI id; if it names an SSM parameter, the id that this holds, looked up in `scope`.

    The parameter is read by Terraform, not by EC2 at launch (`resolve:ssm:`): EC2 Auto Scaling refuses to roll back an
    instance refresh to such a template (EC2 Auto Scaling user guide, "Undo changes with a rollback"), and a plan would
    not show that instances get a new image.
    """
    if release.is_resolved:
        return release.ami
    parameter = DataAwsSsmParameter(scope, "ami", name=release.ami, with_decryption=False)
    return str(parameter.insecure_value)  # an AMI id is no secret: as `value` plans would hide it
