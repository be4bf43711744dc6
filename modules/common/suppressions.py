"""Policy suppressions, written on the construct they are about and carried in the synthesized JSON.

A suppression is one entry of the mapping `"//".suppressions` of a resource: rule id -> `{reason, owner, expires}`.
The policy gate honours it for that resource and that rule only, until it expires.
"""

import datetime
import re

from cdktf import TerraformElement

DEFAULT_OWNER = "platform"
YEAR_DAYS = 365
_RULE = re.compile(r"CKV2?_[A-Z0-9]+_\d+")


def suppress(
    *resources: TerraformElement,
    rule: str,
    reason: str,
    expires: str,
    owner: str = DEFAULT_OWNER,
) -> None:
    """Accept that `resources` break `rule`, and say why.

    `rule` is a checkov id such as `CKV_AWS_145`; `expires` is the ISO date of the last day. `infra check` warns from 60
    days before. Each decision has a month of its own, so that they are not all looked at again on one day.
    Raises ValueError for a malformed rule, an empty reason or owner, or a date that is none.
    """
    if not _RULE.fullmatch(rule):
        raise ValueError(f"not a rule id: {rule!r}; such as CKV_AWS_145")
    if not reason.strip() or not owner.strip():
        raise ValueError(f"a suppression of {rule} needs a reason and an owner")
    datetime.date.fromisoformat(expires)
    for resource in resources:
        resource.add_override(f"//.suppressions.{rule}", {"expires": expires, "owner": owner, "reason": reason})


def accept_retention(log_group: TerraformElement, retention_days: int) -> None:
    """Accept that `log_group` keeps its logs for less than a year, where the environment's settings say so."""
    if retention_days < YEAR_DAYS:
        suppress(
            log_group,
            rule="CKV_AWS_338",
            reason="This environment's settings ask for a shorter retention: nobody looks at old logs of it",
            expires="2028-02-29",
        )
