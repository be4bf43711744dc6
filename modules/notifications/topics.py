"""SNS: one topic per kind of event, the facade for e-mail, SMS and mobile push.

Topics are encrypted with a customer-managed key, take messages over TLS and from this account only, and log the
delivery to mobile-push endpoints. SNS keeps no delivery status of e-mail, and topics of this system have no other
subscribers. Message data protection is closed to new customers, so there is none.
"""

from collections.abc import Mapping

from cdktf_cdktf_provider_aws.sns_topic import SnsTopic
from cdktf_cdktf_provider_aws.sns_topic_policy import SnsTopicPolicy
from cdktf_cdktf_provider_aws.sns_topic_subscription import SnsTopicSubscription
from constructs import Construct

from envs.settings.notifications import MobilePush
from envs.settings.notifications import Notifications as NotificationSettings
from modules.common.context import Context
from modules.common.names import Names
from modules.common.policy import Statement, deny_insecure_transport, document
from modules.notifications.delivery_logs import SUCCESS_SAMPLE_PERCENT, DeliveryLogs
from modules.notifications.mobile_push import PlatformApplication
from modules.notifications.sms import Sms

SIGNATURE_VERSION = 2  # SHA-256; version 1 is SHA-1 (SNS developer guide, "Verifying message signatures")


class Topics(Construct):
    """All topics, their e-mail subscriptions, and mobile push and SMS where the settings ask for them.

    `arns` maps the kind of event (`meal-ready`) to the ARN of its topic. An e-mail subscription is pending until the
    addressee confirms it.
    """

    def __init__(self, scope: Construct, id: str, *, context: Context, settings: NotificationSettings) -> None:
        super().__init__(scope, id)
        names = context.names
        logs = DeliveryLogs(
            self,
            "delivery-logs",
            context=context,
            sources={
                **{f"topic-{kind}": names.name(kind) for kind in settings.topics},
                **{f"application-{push.platform}": _application(names, push) for push in settings.mobile_push},
                **({"sms": "DirectPublishToPhoneNumber"} if settings.sms else {}),
            },
        )
        arns: dict[str, str] = {}
        for kind, topic_settings in sorted(settings.topics.items()):
            topic = SnsTopic(
                self,
                kind,
                name=names.name(kind),
                kms_master_key_id=context.keys.notifications.arn,
                signature_version=SIGNATURE_VERSION,
                application_success_feedback_role_arn=logs.role_arn,
                application_success_feedback_sample_rate=SUCCESS_SAMPLE_PERCENT,
                application_failure_feedback_role_arn=logs.role_arn,
                tags=names.tags(kind),
            )
            arns[kind] = arn = topic.arn
            SnsTopicPolicy(self, f"{kind}-policy", arn=arn, policy=topic_policy(names, kind))
            for address in sorted(topic_settings.email):
                SnsTopicSubscription(self, f"{kind}-email-{address}", topic_arn=arn, protocol="email", endpoint=address)
        self.arns: Mapping[str, str] = arns
        self._applications = [names.arn("sns", _application(names, push)) for push in settings.mobile_push]

        for push in settings.mobile_push:
            PlatformApplication(
                self,
                f"application-{push.platform}",
                names=names,
                settings=push,
                delivery_status_role_arn=logs.role_arn,
            )
        if settings.sms:
            Sms(self, "sms", settings=settings.sms, delivery_status_role_arn=logs.role_arn)

    def subscriber_environment(self) -> dict[str, str]:
        """Return the variables that name the topics, such as `SNS_TOPIC_MEAL_READY`, an ARN."""
        return {f"SNS_TOPIC_{kind.replace('-', '_').upper()}": arn for kind, arn in self.arns.items()}

    def subscriber_statements(self) -> list[Statement]:
        """Return what a server needs to sign customers up: phones and devices on topics, devices with push services.

        E-mail subscriptions are settings, so a server cannot make any.
        """
        statements = [
            Statement(
                sid="SubscribeCustomers",
                actions=["sns:Subscribe"],
                resources=list(self.arns.values()),
                conditions={"StringEquals": {"sns:Protocol": ["application", "sms"]}},
            )
        ]
        if self._applications:
            statements.append(
                Statement(
                    sid="RegisterDevices",
                    actions=["sns:CreatePlatformEndpoint"],
                    resources=self._applications,
                )
            )
        return statements


def _application(names: Names, push: MobilePush) -> str:
    """Return SNS's resource name of a platform application, such as `app/GCM/meals-prod-gcm`."""
    return f"app/{push.platform}/{names.name(push.platform.lower())}"


def topic_policy(names: Names, kind: str) -> str:
    """Return the policy of a topic: this account's principals use it as their own policies say, over TLS only."""
    topic = names.arn("sns", names.name(kind))
    return document(
        [
            deny_insecure_transport(actions=["sns:Publish"], resources=[topic]),
            Statement(
                sid="OwnAccountUsesTopic",
                principals={"AWS": [names.iam_arn("root")]},
                actions=[
                    "sns:GetTopicAttributes",
                    "sns:ListSubscriptionsByTopic",
                    "sns:Publish",
                    "sns:Subscribe",
                ],
                resources=[topic],
                conditions={"StringEquals": {"aws:PrincipalAccount": names.account_id}},
            ),
        ]
    )
