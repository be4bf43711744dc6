"""The roles of GitHub Actions suffice: for every resource of every stack, and for nothing else.

What the provider calls is in operations.json, recorded in the sandbox, and in permissions.yaml, which says how. IAM's
answer is worked out with the ARN that each resource would have and with the conditions that AWS would send.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

import pytest

from cli.core.preconditions.catalog import preconditions_of
from cli.core.preconditions.model import Subject
from envs.settings import Settings
from tests.support.helpers import Document, resource, resources
from tests.support.iam import Request, Statement, access_level, grants, is_like, listed, parse
from tests.support.permissions import Asked, Stack, Unanswered, recorded, table, written
from tests.support.variants import VARIANTS, settings_of, synthesized

READING_LEVELS = {"Read", "List"}

ROLES = ("plan", "apply")


class Variant:
    """The two stacks of an environment, and the policies that its bootstrap stack gives to the roles."""

    def __init__(self, settings: Settings, document: Document, bootstrap: Document) -> None:
        self._settings = settings
        self._subject = Subject(settings, document, bootstrap)
        self._prefix = f"{settings.project}-{settings.environment}"
        self.environment = Stack(document, table())
        self.bootstrap = Stack(bootstrap, table())
        self.policies = {role: list(self._policies(bootstrap, role)) for role in ROLES}

    def _policies(self, document: Document, role: str) -> Iterator[str]:
        """The policies of a role: the one in it and those attached to it."""
        inline = resource(document, "aws_iam_role_policy", f"delivery/{role}-state")
        yield self.bootstrap.policy(inline.body["policy"])
        address = resource(document, "aws_iam_role", f"delivery/{role}-role").address
        attached = {
            each.body["policy_arn"]
            for each in resources(document, "aws_iam_role_policy_attachment", under="delivery/")
            if each.body["role"] == f"${{{address}.name}}"
        }
        for policy in resources(document, "aws_iam_policy", under="delivery/"):
            if f"${{{policy.address}.arn}}" in attached:
                yield self.bootstrap.policy(policy.body["policy"])

    def backend(self, role: str) -> Iterator[Asked]:
        """What Terraform's backend asks, and the decryption of the secrets that a plan reads."""
        settings = self._settings
        bucket = f"arn:aws:s3:::{settings.state_bucket}"
        state, lock = f"{bucket}/{settings.state_key}", f"{bucket}/{settings.state_key}.tflock"
        base = {"aws:RequestedRegion": settings.region}
        for action, object_arn in (
            ("s3:ListBucket", bucket),
            ("s3:GetObject", state),
            ("s3:GetObject", lock),
            ("s3:PutObject", lock),
            ("s3:DeleteObject", lock),
            *([("s3:PutObject", state)] if role == "apply" else []),
        ):
            yield Asked(Request(action, object_arn, base), action, "read", "terraform.backend")
        for purpose, service, actions in (
            ("state", "s3", ("kms:Decrypt", "kms:GenerateDataKey")),
            ("secrets", "secretsmanager", ("kms:Decrypt",)),
        ):
            through = {**base, "kms:ViaService": f"{service}.{settings.region}.amazonaws.com"}
            for action in actions:
                key = self.bootstrap.key_of(f"alias/{self._prefix}-{purpose}")
                yield Asked(Request(action, key, through), action, "read", "terraform.backend")

    def preconditions(self) -> Iterator[Asked]:
        """What `infra plan` asks before it plans, as far as it is about no resource of ours."""
        for precondition in preconditions_of(self._subject):
            for action in precondition.actions:
                region = "us-east-1" if action.startswith(("iam:", "route53:")) else self._settings.region
                yield Asked(
                    Request(action, "*", {"aws:RequestedRegion": region}), "infra plan", "read", "preconditions"
                )

    def requests(self, role: str) -> list[Request]:
        """Every different request that a role makes."""
        asked = [each for each in self.environment.asked() if role == "apply" or each.phase == "read"]
        asked += [*self.backend(role), *self.preconditions()]
        different = {
            (each.request.action, each.request.resource, *sorted(each.request.context.items())): each.request
            for each in asked
        }
        return list(different.values())

    def neutral(self, text: str) -> str:
        """A text without what is the environment's own."""
        settings = self._settings
        for own, name in (
            (self._prefix.replace("-", "_"), "<database>"),
            (self._prefix, "<prefix>"),
            (f"/{settings.project}/{settings.environment}", "/<project>/<environment>"),
            (settings.account_id, "<account>"),
            (settings.region, "<region>"),
        ):
            text = text.replace(own, name)
        return text


@pytest.fixture(scope="session")
def variants(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Variant]:
    """Every variant, synthesized."""
    found = {}
    for name in VARIANTS:
        settings = settings_of(name)
        stacks = synthesized(settings, tmp_path_factory.mktemp("variant"))
        documents = [
            json.loads((stacks / stack / "cdk.tf.json").read_bytes())
            for stack in (settings.environment, f"{settings.environment}-bootstrap")
        ]
        found[name] = Variant(settings, *documents)
    return found


@pytest.fixture(params=VARIANTS)
def variant(request: pytest.FixtureRequest, variants: Mapping[str, Variant]) -> Variant:
    """Each variant."""
    return variants[request.param]


def is_read(asked: Asked) -> bool:
    """Whether a request reads."""
    return access_level(asked.request.action) in READING_LEVELS


def refused(policies: list[str], requests: Iterable[Asked]) -> list[str]:
    """The requests that policies do not allow, each once, as text."""
    return sorted({str(asked) for asked in requests if not grants(policies, asked.request)})


def test_applying_may_do_all_that_the_environment_asks(variant: Variant) -> None:
    asked = [*variant.environment.asked(), *variant.backend("apply")]
    assert refused(variant.policies["apply"], asked) == []


def test_planning_may_read_all_that_the_environment_has(variant: Variant) -> None:
    reads = [asked for asked in variant.environment.asked() if asked.phase == "read"] + list(variant.backend("plan"))
    assert refused(variant.policies["plan"], reads) == []


def test_reading_is_what_reads(variant: Variant) -> None:
    """`read` of the table holds only what changes nothing, so that planning may have it."""
    changing = [str(asked) for asked in variant.environment.asked() if asked.phase == "read" and not is_read(asked)]
    assert changing == []


def test_applying_changes_nothing_of_the_bootstrap_stack(variant: Variant) -> None:
    """Where a request is about the stack's own resource; what makes another one is asked on no resource."""
    changes = [
        asked
        for asked in variant.bootstrap.asked()
        if asked.phase in ("update", "delete") and not is_read(asked) and asked.request.resource != "*"
    ]
    assert len(changes) > 100
    assert sorted({str(asked) for asked in changes if grants(variant.policies["apply"], asked.request)}) == []


def test_what_was_recorded_is_not_also_told_by_knowledge() -> None:
    """So permissions.yaml says which operations nobody has seen."""
    told = written()["resources"]
    both = {
        (kind, phase): repeated
        for kind, phases in recorded().items()
        for phase, operations in phases.items()
        if (repeated := set(operations) & set(told.get(kind, {}).get(phase, ())))
    }
    assert both == {}


def test_every_row_is_of_a_type_that_a_stack_has(variants: Mapping[str, Variant]) -> None:
    stacks = [stack for variant in variants.values() for stack in (variant.environment, variant.bootstrap)]
    types = {address.rpartition(".")[0] for stack in stacks for address in stack.addresses()}
    assert set(table().rows) - types == set()


def test_roles_are_passed_to_services_that_they_trust(variant: Variant) -> None:
    trusted = variant.environment.trusted_services
    passed = [asked for asked in variant.environment.asked() if asked.request.action == "iam:PassRole"]
    assert passed
    wrong = [
        str(asked)
        for asked in passed
        if asked.request.context["iam:PassedToService"] not in trusted[asked.request.resource]
    ]
    assert wrong == []


def test_nothing_is_granted_that_nothing_needs(variants: Mapping[str, Variant]) -> None:
    """Every action, resource and condition of every grant serves a request of a variant, or has its reason."""
    unused: set[str] = set()
    used: set[str] = set()
    for variant in variants.values():
        for role in ROLES:
            requests = variant.requests(role)
            for statement in (each for text in variant.policies[role] for each in parse(text)):
                for part, serves in parts(statement, requests):
                    (used if serves else unused).add(variant.neutral(f"{role}: {statement.sid}: {part}"))
    reasons = {part for part in unused - used if part.partition(": ")[2] in table().reasons}
    assert sorted(unused - used - reasons) == []
    assert set(table().reasons) == {part.partition(": ")[2] for part in reasons}, "a reason for what is needed or gone"


def parts(statement: Statement, requests: Iterable[Request]) -> Iterator[tuple[str, bool]]:
    """The actions, resources and condition values of a grant, and whether any request is allowed by each."""
    if statement.is_refusal:
        return
    served = [request for request in requests if statement.concerns(request)]
    for action in listed(statement.body["Action"]):
        yield action, any(is_like(request.action, action) for request in served)
    for pattern in listed(statement.body["Resource"]):
        yield pattern, any(is_like(request.resource, pattern) for request in served)
    for pairs in statement.body.get("Condition", {}).values():
        for key, values in pairs.items():
            for value in listed(values):
                yield f"{key} {value}", any(request.context.get(key) == value for request in served)


def test_the_policies_fit(variant: Variant) -> None:
    """IAM quotas: 6,144 characters in a managed policy, 10,240 in a role's own, ten attached; blanks are free."""
    for role in ROLES:
        inline, *managed = ("".join(text.split()) for text in variant.policies[role])
        assert len(inline) <= 10240
        assert len(managed) <= 10
        assert max(map(len, managed)) <= 6144


def test_a_missing_permission_is_named(variants: Mapping[str, Variant]) -> None:
    without = [text.replace('"sqs:CreateQueue", ', "") for text in variants["dev"].policies["apply"]]
    (message,) = refused(without, variants["dev"].environment.asked())
    assert message == (
        "sqs:CreateQueue on arn:aws:sqs:us-east-1:111111111111:meals-dev-event-store-export-failures: "
        "for sqs:CreateQueue, to create aws_sqs_queue.event-store_export_failures_B297C293"
    )


def test_a_type_that_the_table_lacks_is_named(synthesized: Mapping[str, Document]) -> None:
    document = {**synthesized["dev"], "resource": {"aws_lambda_function": {"new": {}}}}
    with pytest.raises(Unanswered, match=r"permissions\.yaml has no row for aws_lambda_function"):
        list(Stack(document, table()).asked())
