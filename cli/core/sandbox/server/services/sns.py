"""SNS: the quota of what an account may spend on SMS."""

from __future__ import annotations

from cli.core.sandbox.server.service import AwsError, Call, Parameters, Result, Service

SMS_QUOTA_USD = 1
"""What a new account may spend on SMS in a month (Amazon SNS developer guide, "Requesting increases to your monthly SMS
spending quota")."""


class SNS(Service):
    """Topics, subscriptions and attributes are moto's."""

    name = "sns"

    def set_sms_attributes(self, call: Call, given: Parameters) -> Result:
        """Refuse a limit above the quota."""
        limit = given["attributes"].get("MonthlySpendLimit")
        if limit and int(limit) > SMS_QUOTA_USD:
            raise AwsError(
                "InvalidParameter",
                f"Invalid parameter: MonthlySpendLimit Reason: {limit} exceeds the account's quota of {SMS_QUOTA_USD}",
            )
        return None
