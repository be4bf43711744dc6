"""The policies of the CI roles are those that the checkout makes.

The bootstrap stack makes them and is applied by hand, so a checkout can be ahead of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from cli.core.preconditions.model import Body, Judgement, Precondition, Reads, Subject, missing, ok
from envs.settings.regions import partition_of

_ABSENT = ("NoSuchEntity",)
_REFERENCE = re.compile(r"\$\{[^}]*\}")

Documents = Mapping[str, Body | None]
"""Policy documents by their names; None for a policy that is not there."""


def preconditions(subject: Subject) -> Iterator[Precondition[Documents]]:
    """Where the bootstrap stack makes roles for CI."""
    if expected(subject):
        yield Precondition(
            name="policies of the CI roles",
            why="with older policies CI is refused in the middle of an apply, or may do more than was reviewed",
            actions=("iam:GetPolicy", "iam:GetPolicyVersion", "iam:GetRolePolicy"),
            ask=_ask,
            judge=judge,
            can_be_fatal=False,
        )


def expected(subject: Subject) -> Documents:
    """The documents that the bootstrap stack makes: managed policies by name, inline ones as ROLE/NAME."""
    documents: dict[str, Body | None] = {}
    for body in subject.bootstrap_resources("aws_iam_policy"):
        documents[str(body["name"])] = json.loads(body["policy"])
    roles = subject.bootstrap.get("resource", {}).get("aws_iam_role", {})
    for body in subject.bootstrap_resources("aws_iam_role_policy"):
        role = str(body["role"]).removeprefix("${aws_iam_role.").partition(".")[0]
        if role in roles:
            documents[f"{roles[role]['name']}/{body['name']}"] = json.loads(body["policy"])
    return documents


def _ask(subject: Subject, reads: Reads) -> Documents:
    own = f"arn:{partition_of(subject.settings.region)}:iam::{reads.account_id}:policy"
    return {name: _document(name, own, reads) for name in expected(subject)}


def _document(name: str, own: str, reads: Reads) -> Body | None:
    role, _, inline = name.rpartition("/")
    if role:
        answer = reads.ask("iam", "get_role_policy", absent=_ABSENT, RoleName=role, PolicyName=inline)
        return None if answer is None else _data(answer["PolicyDocument"])
    arn = f"{own}/{name}"
    policy = reads.ask("iam", "get_policy", absent=_ABSENT, PolicyArn=arn)
    if policy is None:
        return None
    version = policy["Policy"]["DefaultVersionId"]
    answer = reads.ask("iam", "get_policy_version", PolicyArn=arn, VersionId=version) or {}
    return _data(answer["PolicyVersion"]["Document"])


def _data(document: Any) -> Body:
    """A document as data, which botocore has decoded unless it could not."""
    data: Body = json.loads(document) if isinstance(document, str) else document
    return data


def judge(subject: Subject, documents: Documents) -> Judgement:
    """Compare the account's documents with the checkout's."""
    wanted = expected(subject)
    lacking = [name for name in wanted if documents[name] is None]
    other = [
        name for name, body in wanted.items() if documents[name] is not None and not matches(body, documents[name])
    ]
    if not lacking and not other:
        return ok(f"{len(wanted)} as the checkout makes them")
    parts = [
        *([f"not there: {', '.join(lacking)}"] if lacking else []),
        *([f"other than the checkout's: {', '.join(other)}"] if other else []),
    ]
    remedy = f"infra bootstrap {subject.settings.environment}, with an administrator's credentials"
    return missing("; ".join(parts), remedy, is_fatal=False)


def matches(wanted: Any, actual: Any) -> bool:
    """Whether a document is the one in the Terraform, where a reference stands for any text and a list may have any
    order."""
    if isinstance(wanted, Mapping):
        return (
            isinstance(actual, Mapping)
            and wanted.keys() == actual.keys()
            and all(matches(value, actual[key]) for key, value in wanted.items())
        )
    if isinstance(wanted, list):
        values = actual if isinstance(actual, list) else [actual]
        rest = list(values)
        for value in wanted:
            index = next((index for index, other in enumerate(rest) if matches(value, other)), None)
            if index is None:
                return False
            del rest[index]
        return not rest
    if isinstance(wanted, str) and _REFERENCE.search(wanted):
        pattern = ".+".join(map(re.escape, _REFERENCE.split(wanted)))
        return isinstance(actual, str) and re.fullmatch(pattern, actual) is not None
    return bool(wanted == actual)
