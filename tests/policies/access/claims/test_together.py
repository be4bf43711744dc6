"""The claims on an environment's two stacks at once: what one of them lets somebody of the other do."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from policies.access.claims import rules
from policies.checkov.scan import Scan, ScanRequest
from policies.library.rule import UnknownFinding
from tests.support.mutation import Edit, Part, Statements, statement_of
from tests.support.rules import RULES

ACCESS = [rule for rule in RULES.values() if rule.id.startswith("CKV2_MEALS_4")]
ROLE = "arn:aws:iam::333333333333:role/meals-prod"
STORE_KEY = Part("aws_kms_key", "keys/event-store/key")
SECRETS_KEY = Part("aws_kms_key", "state/secrets-key/key")
TABLE_POLICY = Part("aws_dynamodb_resource_policy", "event-store/table/policy")
STATE_POLICY = Part("aws_s3_bucket_policy", "state/state/policy")
PLATFORM = Part("aws_iam_policy", "delivery/platform-policy")
IDENTITY = Part("aws_iam_policy", "delivery/identity-policy")
STORE_ROLE = Part("aws_iam_role", "event-store/server/instance-profile/role")
TABLEAU = Part("aws_iam_role", "streaming/data-reporting/tableau/role")

Documents = tuple[dict[str, Any], dict[str, Any]]


@pytest.fixture
def documents(synthesized: Mapping[str, Any], synthesized_bootstrap: Mapping[str, Any]) -> Documents:
    """The stacks of prod, to be changed."""
    return copy.deepcopy(synthesized["prod"]), copy.deepcopy(synthesized_bootstrap["prod"])


def found(documents: Documents, directory: Path) -> set[tuple[str, str | None]]:
    """What the claims say of both stacks, as checkov asks: the rule and the construct path."""
    roots = []
    for name, document in zip(("main", "bootstrap"), documents, strict=True):
        (directory / name).mkdir()
        (directory / name / "cdk.tf.json").write_text(json.dumps(document))
        roots.append(str(directory / name))
    scan = Scan([], ScanRequest(tuple(roots)))
    assert not scan.unreadable
    judged = [
        (rule.id, resource.construct_path, findings)
        for configuration in scan.configurations.values()
        for rule in ACCESS
        for resource, findings in rule.judge(configuration)
        if findings
    ]
    assert not any(isinstance(each, UnknownFinding) for *_, findings in judged for each in findings)
    return {(rule, path) for rule, path, _ in judged}


def grant(*actions: str, **elements: Any) -> Statements:
    return [{"Sid": "Sabotage", "Effect": "Allow", "Action": list(actions), "Resource": "*", **elements}]


def also(part: Part, *actions: str, **elements: Any) -> Edit:
    return part.policy(lambda statements: statements.extend(grant(*actions, **elements)))


def test_nothing_is_found_in_both(documents: Documents, tmp_path: Path) -> None:
    assert found(documents, tmp_path) == set()


PLAN, STORE = ({"AWS": f"{ROLE}-{name}"} for name in ("plan", "event-store"))


def without_condition(part: Part, sid: str) -> Edit:
    """A statement that holds whatever the request."""
    return part.policy(lambda statements: statement_of(sid, statements).pop("Condition"))


def denying(statements: Statements) -> None:
    """Deny the event store all use of the key."""
    statements.append({**grant("kms:*", Principal=STORE)[0], "Effect": "Deny"})


def of_another_environment(statements: Statements) -> None:
    """Let in the reporting tool of dev."""
    statements[0]["Principal"] = {"AWS": "arn:aws:iam::444444444444:role/tableau-dev"}


def trusting_plan(statements: Statements) -> None:
    """Let in the role that plans."""
    statements.append({"Sid": "Sabotage", "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": PLAN})


OF_TABLEAU = TABLEAU.policy(of_another_environment, "assume_role_policy")
OF_STORE = STORE_ROLE.policy(trusting_plan, "assume_role_policy")


@pytest.mark.parametrize(
    ("stack", "edit", "rule", "path"),
    [
        (0, also(STORE_KEY, "kms:Decrypt", Principal=PLAN), 407, "prod/keys/event-store/key"),
        (0, also(TABLE_POLICY, "dynamodb:PutResourcePolicy", Principal=PLAN), 402, "prod/event-store/table/policy"),
        (0, OF_TABLEAU, 405, "prod/streaming/data-reporting/tableau/role"),
        (0, OF_STORE, 406, "prod/event-store/server/instance-profile/role"),
        (1, SECRETS_KEY.policy(denying), 403, "prod/event-store/server/instance-profile/role"),
        (1, also(STATE_POLICY, "s3:*", Principal=STORE), 404, "prod-bootstrap/state/state/policy"),
        (1, without_condition(PLATFORM, "UseKeysThroughServices"), 407, "prod/keys/event-store/key"),
        (1, without_condition(PLATFORM, "LetServicesUseKeys"), 407, "prod/keys/event-store/key"),
        (1, without_condition(IDENTITY, "PassRoles"), 406, "prod/event-store/server/instance-profile/role"),
    ],
)
def test_what_one_stack_lets_the_other_s_roles_do_is_found(
    stack: int, edit: Edit, rule: int, path: str, documents: Documents, tmp_path: Path
) -> None:
    edit.apply(documents[stack])
    assert (f"CKV2_MEALS_{rule}", path) in found(documents, tmp_path)


def test_what_the_organization_denies_is_no_permission(
    documents: Documents, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    level = tmp_path / "organization/scp/1-root"
    level.mkdir(parents=True)
    statements = [*grant("*"), {"Sid": "No", "Effect": "Deny", "Action": "sns:Publish", "Resource": "*"}]
    (level / "all.json").write_text(json.dumps({"Version": "2012-10-17", "Statement": statements}))
    monkeypatch.setattr(rules, "ORGANIZATION", tmp_path / "organization")
    pipes = "prod/streaming/notification-requests/role/role"
    assert found(documents, tmp_path) == {("CKV2_MEALS_409", pipes)}


def test_what_the_organization_denies_may_still_not_be_allowed(
    documents: Documents, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    level = tmp_path / "organization/scp/1-root"
    level.mkdir(parents=True)
    statements = [*grant("*"), {"Sid": "No", "Effect": "Deny", "Action": "kms:DisableKey", "Resource": "*"}]
    (level / "all.json").write_text(json.dumps({"Version": "2012-10-17", "Statement": statements}))
    monkeypatch.setattr(rules, "ORGANIZATION", tmp_path / "organization")
    also(STORE_KEY, "kms:DisableKey", Principal=PLAN).apply(documents[0])
    assert ("CKV2_MEALS_407", "prod/keys/event-store/key") in found(documents, tmp_path)


def test_other_stacks_are_not_joined(documents: Documents, tmp_path: Path) -> None:
    other = json.loads(json.dumps(documents[1]).replace("meals-prod", "meals-other"))
    also(STATE_POLICY, "s3:*", Principal={"AWS": f"{ROLE}-event-store"}).apply(other)
    assert {path for _, path in found((documents[0], other), tmp_path)} == {"prod-bootstrap/state/state/policy"}
