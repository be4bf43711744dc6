"""Which environment's zone is the parent of another's, and which delegation is missing, as far as settings tell. Pure.

A public zone answers for its domain only once the parent domain delegates to it: NS records with its name servers and,
when it is signed, a DS record. Until then ACM issues no certificate, and an apply waits for it in vain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from envs.settings import Settings
from envs.settings.edge import Delegation, DsRecord, is_below


class DelegationStatus(StrEnum):
    """What the settings of the parent have."""

    ELSEWHERE = "elsewhere"
    """The parent domain is none of the environments'."""
    MISSING = "missing"
    DIFFERENT = "different"
    """Other name servers or another DS record."""
    PRESENT = "present"


@dataclass(frozen=True, slots=True)
class ZoneAnswers:
    """How the public zone of an environment is found, as its bootstrap stack says after an apply."""

    name_servers: tuple[str, ...]
    ds_record: str
    """The DS record: key tag, algorithm, digest type and digest. Empty for a zone that is not signed."""

    def delegation(self, domain_name: str) -> Delegation:
        """The entry of `edge.delegations` in the settings of the parent."""
        return Delegation(name=domain_name, name_servers=self.name_servers, ds_records=_ds_records(self.ds_record))


@dataclass(frozen=True, slots=True)
class MissingDelegation:
    """What the settings of a parent lack for a child."""

    environment: str
    domain_name: str
    parent: str
    """The environment whose zone is the parent."""
    records: tuple[str, ...]
    """The types of the missing records: `NS`, `DS`."""

    def __str__(self) -> str:
        return (
            f"{self.domain_name} has no {' and no '.join(self.records)} record in the zone of {self.parent}: add "
            f"edge.delegations to envs/{self.parent}.yaml, as infra bootstrap {self.environment} prints it, then run "
            f"infra bootstrap {self.parent}"
        )


def parent_of(settings: Settings, environments: Iterable[Settings]) -> Settings | None:
    """The environment whose zone is the next one above; None where the parent domain is none of the environments'."""
    above = [
        other
        for other in environments
        if other.domain_name != settings.domain_name and is_below(settings.domain_name, other.domain_name)
    ]
    return max(above, key=lambda other: len(other.domain_name), default=None)


def delegation_in(parent: Settings, domain_name: str) -> Delegation | None:
    """The delegation of a domain in the settings of its parent."""
    return next((each for each in parent.edge.delegations if each.name == domain_name), None)


def missing_delegation(settings: Settings, environments: Iterable[Settings]) -> MissingDelegation | None:
    """What the parent's settings lack for an environment. None when nothing is missing, and for a domain whose parent
    is none of the environments': settings say nothing about that."""
    parent = parent_of(settings, environments)
    if parent is None:
        return None
    delegation = delegation_in(parent, settings.domain_name)
    missing = [] if delegation else ["NS"]
    if not (delegation and delegation.ds_records):
        missing.append("DS")
    if not missing:
        return None
    return MissingDelegation(settings.environment, settings.domain_name, parent.environment, tuple(missing))


def missing_delegations(environments: Sequence[Settings]) -> tuple[MissingDelegation, ...]:
    """What is missing for each of the environments, in their order."""
    missing = (missing_delegation(settings, environments) for settings in environments)
    return tuple(each for each in missing if each is not None)


def is_same_delegation(delegation: Delegation, other: Delegation) -> bool:
    """Whether two delegations make the same records, in whatever order."""

    def records(of: Delegation) -> tuple[str, set[str], set[str]]:
        return of.name, set(of.name_servers), set(map(str, of.ds_records))

    return records(delegation) == records(other)


def status_in(parent: Settings | None, delegation: Delegation) -> DelegationStatus:
    """What the settings of the parent have of a delegation; ``parent`` is None where no environment has the domain."""
    if parent is None:
        return DelegationStatus.ELSEWHERE
    present = delegation_in(parent, delegation.name)
    if present is None:
        return DelegationStatus.MISSING
    return DelegationStatus.PRESENT if is_same_delegation(present, delegation) else DelegationStatus.DIFFERENT


def setting_lines(delegation: Delegation) -> Iterator[str]:
    """A delegation as YAML, as it stands in the settings of the parent."""
    yield "edge:"
    yield "  delegations:"
    yield f"    - name: {delegation.name}"
    yield "      name_servers:"
    yield from (f"        - {server}" for server in delegation.name_servers)
    if delegation.ds_records:
        yield "      ds_records:"
    for record in delegation.ds_records:
        yield f"        - key_tag: {record.key_tag}"
        yield f"          algorithm: {record.algorithm}"
        yield f"          digest_type: {record.digest_type}"
        yield f'          digest: "{record.digest}"'


def _ds_records(text: str) -> tuple[DsRecord, ...]:
    """A DS record, as DNS writes it."""
    if not text:
        return ()
    key_tag, algorithm, digest_type, digest = text.split()
    return (
        DsRecord.model_validate(
            {
                "key_tag": int(key_tag),
                "algorithm": int(algorithm),
                "digest_type": int(digest_type),
                "digest": digest,
            }
        ),
    )
