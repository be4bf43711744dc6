"""SMS: the account may spend what the settings ask for, and is out of the SMS sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cli.core.preconditions.model import Judgement, Precondition, Reads, Subject, missing, ok, unknown

_LIMIT = "TEXT_MESSAGE_MONTHLY_SPEND_LIMIT"


def preconditions(subject: Subject) -> Iterator[Precondition[Any]]:
    """Where the stack sets SMS preferences."""
    if subject.resources("aws_sns_sms_preferences"):
        yield Precondition(
            name="SMS spend limit",
            why="SNS refuses a limit above the quota of the account, which is 1 USD until AWS raises it",
            actions=("sms-voice:DescribeSpendLimits",),
            ask=_ask_limit,
            judge=judge_limit,
        )
        yield Precondition(
            name="SMS sandbox",
            why="in the SMS sandbox messages reach verified numbers only, so customers get none",
            actions=("sns:GetSMSSandboxAccountStatus",),
            ask=_ask_sandbox,
            judge=judge_sandbox,
            can_be_fatal=False,
        )


def _ask_limit(_: Subject, reads: Reads) -> int | None:
    answer = reads.ask("pinpoint-sms-voice-v2", "describe_spend_limits") or {}
    limits = {limit["Name"]: int(limit["MaxLimit"]) for limit in answer.get("SpendLimits", [])}
    return limits.get(_LIMIT)


def judge_limit(subject: Subject, quota: int | None) -> Judgement:
    """``quota`` is the most that AWS lets the account spend in a month, in US dollars."""
    (preferences,) = subject.resources("aws_sns_sms_preferences")
    wanted = int(preferences["monthly_spend_limit"])
    if quota is None:
        return unknown("AWS does not say what the account may spend")
    if wanted > quota:
        return missing(
            f"{wanted} USD a month are asked for, the quota is {quota} USD",
            "a quota increase at the AWS Support Center (SNS, text messaging), or a lower "
            "notifications.sms.monthly_spend_limit_usd",
        )
    return ok(f"{wanted} of {quota} USD a month")


def _ask_sandbox(_: Subject, reads: Reads) -> bool:
    answer = reads.ask("sns", "get_sms_sandbox_account_status") or {}
    return bool(answer.get("IsInSandbox", True))


def judge_sandbox(subject: Subject, is_in_sandbox: bool) -> Judgement:
    """Whether the account is in the SMS sandbox of its region."""
    if is_in_sandbox:
        return missing(
            f"the account is in the SMS sandbox of {subject.settings.region}",
            "ask AWS to move it out, with an origination identity (SNS console, Text messaging)",
            is_fatal=False,
        )
    return ok("the account is out of it")
