"""How the public zone of an environment is delegated: what its bootstrap stack says, and where that belongs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cli.core.workspace.workspace import Workspace
from envs.delegation import DelegationStatus, ZoneAnswers, parent_of, setting_lines, status_in
from envs.settings import Settings
from envs.settings.edge import Delegation


@dataclass(frozen=True, slots=True)
class DelegationReport:
    """What the parent domain has to know of a zone, and where that belongs."""

    environment: str
    domain_name: str
    answers: ZoneAnswers
    delegation: Delegation
    """The entry for the settings of the parent."""
    parent: Settings | None
    status: DelegationStatus

    @property
    def parent_domain(self) -> str:
        """The domain whose zone or registry delegates."""
        return self.parent.domain_name if self.parent else self.domain_name.partition(".")[2]

    def as_data(self) -> dict[str, Any]:
        """The report for programs."""
        return {
            "domain_name": self.domain_name,
            "name_servers": list(self.answers.name_servers),
            "ds_record": self.answers.ds_record or None,
            "parent_domain": self.parent_domain,
            "parent_environment": self.parent.environment if self.parent else None,
            "status": self.status.value,
            "setting": {"edge": {"delegations": [self.delegation.model_dump(mode="json")]}},
        }

    def text(self) -> str:
        """The report for people."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"The public zone {self.domain_name}"
        yield from (f"  NS  {server}" for server in self.answers.name_servers)
        if self.answers.ds_record:
            yield f"  DS  {self.answers.ds_record}"
        else:
            yield "  not signed"
        if self.parent is None:
            yield (
                f"belongs into its parent domain, {self.parent_domain}, which is no environment's: enter the name "
                "servers at the registrar of the domain, or as NS record in the zone of the parent domain."
            )
            if self.answers.ds_record:
                yield "Then enter the DS record at the same place. See docs/operations.md, Domains."
            return
        parent = self.parent.environment
        if self.status is DelegationStatus.PRESENT:
            yield (
                f"is delegated by {parent}, as envs/{parent}.yaml says; infra bootstrap {parent} makes the records, if "
                "it has not yet."
            )
            return
        change = "Replace its entry in" if self.status is DelegationStatus.DIFFERENT else "Add it to"
        yield f"belongs into {self.parent_domain}, the zone of {parent}. {change} envs/{parent}.yaml, then run"
        yield f"infra bootstrap {parent}:"
        yield ""
        yield from setting_lines(self.delegation)


def delegation_report(workspace: Workspace, environments: Sequence[Settings]) -> DelegationReport | None:
    """The report on the zone of a bootstrap stack, from its outputs. None before the zone is made."""
    return report_on(workspace.settings, workspace.terraform.outputs(), environments)


def report_on(
    settings: Settings, outputs: Mapping[str, Mapping[str, Any]], environments: Sequence[Settings]
) -> DelegationReport | None:
    """The report on a zone, given the outputs of its stack."""
    if "name_servers" not in outputs:
        return None
    answers = ZoneAnswers(
        name_servers=tuple(outputs["name_servers"]["value"]),
        ds_record=str(outputs["delegation_signer"]["value"]) if "delegation_signer" in outputs else "",
    )
    delegation, parent = answers.delegation(settings.domain_name), parent_of(settings, environments)
    return DelegationReport(
        environment=settings.environment,
        domain_name=settings.domain_name,
        answers=answers,
        delegation=delegation,
        parent=parent,
        status=status_in(parent, delegation),
    )
