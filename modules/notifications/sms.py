"""SMS preferences of the account and region."""

from cdktf_cdktf_provider_aws.sns_sms_preferences import SnsSmsPreferences
from constructs import Construct

from envs.settings.notifications import Sms as SmsSettings
from modules.notifications.delivery_logs import SUCCESS_SAMPLE_PERCENT


class Sms(Construct):
    """How SNS sends SMS. There is one set of preferences per account and region: one environment there owns it."""

    def __init__(self, scope: Construct, id: str, *, settings: SmsSettings, delivery_status_role_arn: str) -> None:
        super().__init__(scope, id)
        SnsSmsPreferences(
            self,
            "preferences",
            monthly_spend_limit=settings.monthly_spend_limit_usd,
            default_sms_type=settings.default_sms_type,
            default_sender_id=settings.default_sender_id,
            delivery_status_iam_role_arn=delivery_status_role_arn,
            delivery_status_success_sampling_rate=str(SUCCESS_SAMPLE_PERCENT),
        )
