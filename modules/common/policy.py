"""IAM policy documents as JSON text: pure, deterministic, small.

A document is built from `Statement`s. Text is preferred to `data.aws_iam_policy_document`: it is readable in the
synthesized Terraform, needs no provider to be evaluated, and scanners can read it.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Conditions = Mapping[str, Mapping[str, str | Sequence[str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement of a policy document.

    `principals` maps a principal type (`AWS`, `Service`, `Federated`) to its values; `"*"` stands for anybody, and
    belongs in a Deny only. None is right for identity policies, which have no principal.
    """

    sid: str
    actions: Sequence[str]
    resources: Sequence[str]
    effect: Literal["Allow", "Deny"] = "Allow"
    principals: Mapping[str, Sequence[str]] | Literal["*"] | None = None
    conditions: Conditions = field(default_factory=dict)

    def to_dict(self) -> dict[str, object]:
        """Return the statement in the JSON policy grammar, lists sorted."""
        statement: dict[str, object] = {
            "Sid": self.sid,
            "Effect": self.effect,
            "Action": _ordered(self.actions),
        }
        if self.resources:  # a trust policy has none
            statement["Resource"] = _ordered(self.resources)
        if self.principals == "*":
            statement["Principal"] = "*"
        elif self.principals is not None:
            statement["Principal"] = {kind: _ordered(values) for kind, values in self.principals.items()}
        if self.conditions:
            statement["Condition"] = {
                operator: {key: value if isinstance(value, str) else _ordered(value) for key, value in pairs.items()}
                for operator, pairs in self.conditions.items()
            }
        return statement


def _ordered(values: Sequence[str]) -> list[str]:
    """Sort `values`, numbers in them by size.

    References to attributes are numbered tokens until synthesis (`${TfToken[TOKEN.9]}`, ...). As text, 10 comes before
    9, so their order would depend on how many tokens were made before: on which other environments are built along.
    """
    return sorted(
        values, key=lambda value: [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", value)]
    )


def document(statements: Sequence[Statement]) -> str:
    """Return the policy document of `statements` as JSON text, in their order.

    Raises ValueError when two statements share a `sid`, or there is none: AWS refuses both.
    """
    sids = [statement.sid for statement in statements]
    if not sids or len(set(sids)) != len(sids):
        raise ValueError(f"a policy document needs statements with distinct sids, got {sids}")
    return json.dumps(
        {"Version": "2012-10-17", "Statement": [statement.to_dict() for statement in statements]}, sort_keys=True
    )


def trust(*services: str, source_account: str | None = None) -> str:
    """Return the trust policy that lets AWS `services` assume a role.

    `source_account` guards against the confused deputy: the service may only act for that account. Leave it out
    for services that do not send `aws:SourceAccount` (EC2 instance profiles among them).
    """
    conditions: Conditions = {"StringEquals": {"aws:SourceAccount": source_account}} if source_account else {}
    return document(
        [
            Statement(
                sid="AssumedByService",
                principals={"Service": services},
                actions=["sts:AssumeRole"],
                resources=[],
                conditions=conditions,
            )
        ]
    )


def deny_insecure_transport(*, actions: Sequence[str], resources: Sequence[str]) -> Statement:
    """Return the statement that refuses every call not made over TLS (claim C7, Security Hub S3.5)."""
    return Statement(
        sid="DenyInsecureTransport",
        effect="Deny",
        principals="*",
        actions=actions,
        resources=resources,
        conditions={"Bool": {"aws:SecureTransport": "false"}},
    )
