"""The company: what all environments have in common, and what an environment takes from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import Field

from envs.errors import Path
from envs.settings.base import Part, Violation, repeated
from envs.settings.delivery import RepositoryName
from envs.settings.edge import sign_in_keys_host
from envs.settings.regions import REGIONS, Region, zones_of
from envs.settings.types import AvailabilityZone, DomainName, EnvironmentName, ProjectName

DEFAULT_ZONES = 3
"""How many zones of a region an environment uses where nobody names them: the first ones."""

_SIGN_IN_KEYS = "sign-in-keys"


class Company(Part):
    """What all environments have in common: `envs/company.yaml`. What an environment's own file says counts instead."""

    project: ProjectName = Field(description="First word of every name in AWS.")
    domain_name: DomainName = Field(
        description="The company's domain. The environment `ENV` has the domain `ENV.domain_name`."
    )
    apex_environment: EnvironmentName | None = Field(
        default=None, description="The environment whose domain is `domain_name` itself; null for none."
    )
    region: Region = Field(description="AWS region of the environments.")
    zones: tuple[AvailabilityZone, ...] | None = Field(
        default=None,
        min_length=1,
        description="Availability zones of the environments in `region`, in their order: `network.zones`. Default: the "
        f"first {DEFAULT_ZONES} of the region.",
    )
    repository: RepositoryName | None = Field(
        default=None,
        description="Repository on GitHub whose workflows plan and apply the environments: `delivery.repository`. "
        "Default: none, people apply.",
    )

    def domain_of(self, environment: str) -> str:
        """The domain of an environment whose own file names none."""
        return self.domain_name if environment == self.apex_environment else f"{environment}.{self.domain_name}"

    def rules(self) -> Iterator[Violation]:
        yield from repeated("zones", self.zones or ())
        known = zones_of(self.region)
        for index, zone in enumerate(self.zones or ()):
            if zone not in known:
                yield Violation(
                    ("zones", index),
                    zone,
                    f"a zone of {self.region}: {', '.join(known)}",
                    f"Without zones, the first {DEFAULT_ZONES} are taken.",
                )


INHERITED: Mapping[Path, Path] = {
    ("project",): ("project",),
    ("region",): ("region",),
    ("domain_name",): ("domain_name",),
    ("network", "zones"): ("zones",),
    ("delivery", "repository"): ("repository",),
}
"""What an environment takes from the company where its own file does not say it: by its path, the company's."""

DERIVED: Mapping[Path, str] = {
    ("broker", "credentials_secret_name"): "{project}/{environment}/broker",
    ("streaming", "metrics_export", "api_key_secret_name"): "{project}/{environment}/datadog",
    ("streaming", "reporting", "tableau_external_id"): "{project}-{environment}-reporting",
}
"""Names that an environment's file need not say, made from project and environment."""


def completed(data: Mapping[str, Any], company: Company | None, environment: str) -> dict[str, Any]:
    """The data of an environment's file with what it takes from the company, and with the names that follow from that.

    Nothing that the file says is changed. Data of another form than settings have stays as it is, for the models to
    refuse.
    """
    result = dict(data)
    if company is not None:
        _fill(result, ("project",), company.project)
        _fill(result, ("region",), company.region)
        _fill(result, ("domain_name",), company.domain_of(environment))
        if company.zones and (result["region"] == company.region or result["region"] not in REGIONS):
            _fill(result, ("network", "zones"), list(company.zones))
        if company.repository:
            _fill(result, ("delivery", "repository"), company.repository)
    region, project = result.get("region"), result.get("project")
    if isinstance(region, str) and region in REGIONS:
        _fill(result, ("network", "zones"), list(zones_of(region)[:DEFAULT_ZONES]))
        result["channels"] = _with_sign_in_keys(result.get("channels", []), sign_in_keys_host(region))
    if isinstance(project, str):
        for path, name in DERIVED.items():
            if isinstance(result.get(str(path[0])), Mapping):
                _fill(result, path, name.format(project=project, environment=environment))
    return result


def _fill(data: dict[str, Any], path: Path, value: Any) -> None:
    """Set what has no value yet, in copies of the mappings on the way; nothing where one of them is no mapping."""
    *above, last = map(str, path)
    for key in above:
        inner = data.get(key, {})
        if not isinstance(inner, Mapping):
            return
        data[key] = dict(inner)
        data = data[key]
    data.setdefault(last, value)


def _with_sign_in_keys(channels: Any, host: str) -> Any:
    """The channels with the one to the keys that verify who signed in at the load balancer, unless one has them."""
    if not isinstance(channels, list) or not all(isinstance(channel, Mapping) for channel in channels):
        return channels
    for channel in channels:
        domains = channel.get("domains")
        if channel.get("name") == _SIGN_IN_KEYS or (isinstance(domains, list) and host in domains):
            return channels
    return [*channels, {"name": _SIGN_IN_KEYS, "direction": "outbound", "domains": [host]}]
