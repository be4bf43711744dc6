"""Amazon Athena: updates of workgroups."""

from __future__ import annotations

from typing import Any

from moto.athena.models import athena_backends

from cli.core.sandbox.server.service import AwsError, Call, Parameters, Result, Service

_REMOVE = "Remove"
_OF_RESULTS = "ResultConfigurationUpdates"


class Athena(Service):
    """Workgroups are moto's, which does not update them."""

    name = "athena"

    def update_work_group(self, call: Call, given: Parameters) -> Result:
        """Change what is given, and leave the rest."""
        group = athena_backends[call.account_id][call.region].work_groups.get(given["WorkGroup"])
        if group is None:
            raise AwsError("InvalidRequestException", f"WorkGroup {given['WorkGroup']} is not found.")
        group.description = given.get("Description", group.description)
        group.state = given.get("State", group.state)
        _update(group.configuration, given.get("ConfigurationUpdates", {}))
        return {}


def _update(configuration: dict[str, Any], updates: Parameters) -> None:
    """Change a configuration; `RemoveX` takes X away."""
    for name, value in updates.items():
        if name == _OF_RESULTS:
            _update(configuration.setdefault("ResultConfiguration", {}), value)
        elif not name.startswith(_REMOVE):
            configuration[name] = value
        elif value:
            configuration.pop(name.removeprefix(_REMOVE), None)
