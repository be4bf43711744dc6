"""Mobile push: the platform application through which SNS reaches Apple's or Google's push service."""

from cdktf import Fn, Token
from cdktf_cdktf_provider_aws.data_aws_secretsmanager_secret_version import DataAwsSecretsmanagerSecretVersion
from cdktf_cdktf_provider_aws.sns_platform_application import SnsPlatformApplication
from constructs import Construct

from envs.settings.notifications import MobilePush as MobilePushSettings
from modules.common.names import Names
from modules.notifications.delivery_logs import SUCCESS_SAMPLE_PERCENT


class PlatformApplication(Construct):
    """One platform application; its credential is read from Secrets Manager when Terraform runs.

    The secret of GCM is the service account's JSON as Google gives it (FCM HTTP v1). The secret of APNS is JSON with
    the keys `signing_key`, `signing_key_id`, `team_id` and `bundle_id` (token-based authentication). Terraform's
    state holds what the data source read, so the state is as secret as the credential.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        names: Names,
        settings: MobilePushSettings,
        delivery_status_role_arn: str,
    ) -> None:
        super().__init__(scope, id)
        secret = DataAwsSecretsmanagerSecretVersion(self, "credential", secret_id=settings.credential_secret_name)
        credential = secret.secret_string
        application = SnsPlatformApplication(
            self,
            "application",
            name=names.name(settings.platform.lower()),
            platform=settings.platform,
            platform_credential=credential,
            success_feedback_role_arn=delivery_status_role_arn,
            success_feedback_sample_rate=str(SUCCESS_SAMPLE_PERCENT),
            failure_feedback_role_arn=delivery_status_role_arn,
        )
        if settings.platform != "GCM":
            parts = Fn.jsondecode(credential)

            def part(key: str) -> str:
                return Token.as_string(Fn.lookup_nested(parts, [key]))

            application.platform_credential = part("signing_key")
            application.platform_principal = part("signing_key_id")
            application.apple_platform_team_id = part("team_id")
            application.apple_platform_bundle_id = part("bundle_id")
