"""What the rules of the claims share: a rule asks once for each resource, and all claims are judged on one system.

Terraform that has no part of this toolkit is not judged: the claims are about this system. An environment's two stacks
are judged as one where both are scanned, and each by itself where one is, as in a plan.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from weakref import WeakKeyDictionary

from envs import load
from policies.access.claims.judge import AccessViolation, violations
from policies.access.claims.models import AccessClaims
from policies.access.claims.system import AccessSystem, begin_of, stacks_of
from policies.access.model import AccessModel
from policies.access.read import read
from policies.access.read.callers import callers
from policies.access.read.organization import with_organization
from policies.library.joined import joined
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding
from policies.library.values import UnknownValue
from policies.reachability.read import read as read_network

SUBJECTS = (
    "aws_iam_role",
    "aws_iam_role_policy",
    "aws_iam_policy",
    "aws_iam_service_linked_role",
    "aws_backup_vault",
    "aws_backup_vault_policy",
    "aws_dynamodb_resource_policy",
    "aws_dynamodb_table",
    "aws_kms_key",
    "aws_msk_cluster",
    "aws_msk_cluster_policy",
    "aws_s3_bucket",
    "aws_s3_bucket_policy",
    "aws_secretsmanager_secret",
    "aws_secretsmanager_secret_policy",
    "aws_sns_topic",
    "aws_sns_topic_policy",
    "aws_sqs_queue",
    "aws_sqs_queue_policy",
    "aws_vpc_endpoint",
    "aws_vpc_endpoint_policy",
)
"""The types that rules are called for. What is found at others is reported at the first resource of the first type that
there is."""

ORGANIZATION = load.DIRECTORY / "organization"
"""Where the policies of the organization are: what must be allowed must be so by them too."""


def broken(claim: str, subject: Resource, configuration: Configuration) -> Iterator[Finding]:
    """What is not as a claim says, of what is reported at `subject`. Raises UnknownValue where it rests on what is not
    known before the apply."""
    judged = _judged(configuration)
    if judged is not None:
        yield from judged.reported(judged.of(claim), subject)


def incomplete(subject: Resource, configuration: Configuration) -> Iterator[Finding]:
    """Parts that claims speak of and that are not there, and roles and data that no claim speaks of."""
    judged = _judged(configuration)
    if judged is not None:
        yield from judged.reported(judged.incomplete, subject)


class _JudgedAccess:
    """One or both stacks of an environment, with what was found in them."""

    def __init__(self, known: AccessClaims, stacks: Sequence[Configuration]) -> None:
        """Raises NoPolicyFile."""
        self._configuration = configuration = joined(stacks)
        model = judged_here(read(configuration))
        self._system = AccessSystem.of(known, configuration, model, callers(model, read_network(configuration)))
        self._within = self._system
        if ORGANIZATION.is_dir():
            self._within = replace(self._system, model=with_organization(self._system.model, ORGANIZATION))
        self._lock = threading.Lock()
        self._found: dict[str, tuple[AccessViolation, ...]] = {}

    def of(self, claim: str) -> tuple[AccessViolation, ...]:
        """Everything that is not as a claim says."""
        with self._lock:
            if claim not in self._found:
                self._found[claim] = tuple(
                    violations(self._system, self._system.claims.claims[claim], within=self._within)
                )
            return self._found[claim]

    @cached_property
    def incomplete(self) -> tuple[AccessViolation, ...]:
        """Everything that is missing, or none of the parts."""
        parts = "every part under callers: and things: in policies/access.yaml; if a part moved, correct the claims"
        known = "roles and data that are a part under callers: or things: in policies/access.yaml"
        missing = [AccessViolation(None, text, parts) for text in self._system.missing()]
        things = self._system.model.things
        return (
            *missing,
            *(
                AccessViolation(things[key].resource, f"{things[key].name} is not a part in the claims", known)
                for key in self._system.unknown()
            ),
        )

    def reported(self, found: Iterable[AccessViolation], subject: Resource) -> Iterator[Finding]:
        """What is reported at a resource."""
        first = self._configuration.of_type(*SUBJECTS)[0]
        own = [each for each in found if (each.subject if _is_subject(each.subject) else first) is subject]
        yield from (Finding(each.found, each.allowed) for each in own if each.is_certain)
        for each in own:
            if not each.is_certain:
                raise UnknownValue(each.found, subject.address, "it rests on what is not known")


def judged_here(model: AccessModel) -> AccessModel:
    """A model in which what is looked up has no policies but those that are written here: the others are judged where
    they are declared."""
    things = {
        key: replace(each, policies=tuple(policy for policy in each.policies if policy.resource is not each.resource))
        if each.resource is not None and each.resource.type.startswith("data.")
        else each
        for key, each in model.things.items()
    }
    return replace(model, things=things)


def _is_subject(resource: Resource | None) -> bool:
    return resource is not None and resource.type in SUBJECTS


_lock = threading.Lock()
_known: WeakKeyDictionary[Configuration, _JudgedAccess | None] = WeakKeyDictionary()


def _judged(configuration: Configuration) -> _JudgedAccess | None:
    """None for a configuration that is not of this toolkit."""
    from policies.access.claims.models import claims  # here, so that what it needs and lacks fails each resource

    with _lock:
        if configuration not in _known:
            stacks = _environment(configuration, claims())
            judged = _JudgedAccess(claims(), stacks) if stacks else None
            _known.update(dict.fromkeys(stacks or (configuration,), judged))
        return _known[configuration]


def _environment(configuration: Configuration, known: AccessClaims) -> tuple[Configuration, ...]:
    """The stacks that a configuration belongs to: itself, and the other one of its environment if one is scanned."""
    own, begin = stacks_of(configuration, known), begin_of(known, configuration)
    if not own:
        return ()
    others = [
        each
        for each in configuration.beside
        if begin and begin_of(known, each) == begin and (stacks := stacks_of(each, known)) and not stacks & own
    ]
    return (configuration, others[0]) if len(others) == 1 else (configuration,)
