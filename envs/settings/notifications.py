"""SNS: the facade for SMS, e-mail and mobile push."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from envs.settings.base import Part, Violation, repeated
from envs.settings.types import EmailAddress, SecretName, Spelling

TopicKind = Annotated[
    str,
    Spelling(
        r"(?=.{1,64}$)[a-z][a-z0-9]*(-[a-z0-9]+)*",
        "a name of up to 64 lower-case letters, digits and single hyphens, such as meal-ready",
    ),
]


class Topic(Part):
    """One kind of event that customers or staff are told about."""

    email: tuple[EmailAddress, ...] = Field(
        default=(), description="Addresses that receive every message of the topic."
    )

    def rules(self) -> Iterator[Violation]:
        yield from repeated("email", self.email)


class Sms(Part):
    """SMS preferences. They are one per account and region, so only one environment there may set them."""

    monthly_spend_limit_usd: int = Field(
        default=1,
        ge=1,
        description="Most that may be spent on SMS in a month, in US dollars. AWS refuses more than the quota of the "
        "account, which is 1 until AWS raises it on request.",
    )
    default_sms_type: Literal["Transactional", "Promotional"] = Field(
        default="Transactional", description="How messages are routed."
    )
    default_sender_id: (
        Annotated[
            str,
            Spelling(
                r"(?=.*[A-Za-z])[A-Za-z0-9]{1,11}",
                "a sender id of 1 to 11 letters and digits with at least one letter",
            ),
        ]
        | None
    ) = Field(default=None, description="Sender shown on phones, in countries that allow it; null for a number.")


class MobilePush(Part):
    """A platform application for mobile push."""

    platform: Literal["APNS", "APNS_SANDBOX", "GCM"] = Field(
        description="Push service: Apple's, its sandbox, or Google's."
    )
    credential_secret_name: SecretName = Field(
        description="Name of the secret in AWS Secrets Manager that holds the push service's credential. It "
        "exists before "
        "the first apply."
    )


class Notifications(Part):
    """SNS topics and their subscribers."""

    topics: dict[TopicKind, Topic] = Field(
        default={"meal-ready": Topic(), "meal-out-of-stock": Topic(), "payment-failed": Topic()},
        min_length=1,
        description="Topics by kind of event.",
    )
    sms: Sms | None = Field(
        default=None, description="SMS preferences of the account and region; null to leave them alone."
    )
    mobile_push: tuple[MobilePush, ...] = Field(
        default=(), description="Platform applications for mobile push, one for each push service in use."
    )

    def rules(self) -> Iterator[Violation]:
        yield from repeated("mobile_push", (push.platform for push in self.mobile_push), within="platform")
