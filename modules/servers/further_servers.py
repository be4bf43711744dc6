"""The groups of further servers: each a server template of its own, with what its settings say that it uses."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from constructs import Construct

from envs.settings.servers import ServerGroup, Use
from modules.common.policy import Statement
from modules.network.security_group import SecurityGroup
from modules.servers.server_template import ServerPlatform, ServerTemplate


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What a server needs to use a part of the system: variables of the application, and permissions."""

    environment: Mapping[str, str]
    statements: Sequence[Statement] = ()


class FurtherServers(Construct):
    """The server templates of `groups`, whose names are keys: the public ones, or the private ones.

    `platform` is what every server has, the broker included; `access` is what a use adds, and `own` what each has by
    its name. Attribute `templates` has each with its settings.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        platform: ServerPlatform,
        groups: Mapping[str, ServerGroup],
        security_groups: Mapping[str, SecurityGroup],
        access: Mapping[Use, Access],
        own: Mapping[str, Access],
    ) -> None:
        super().__init__(scope, id)
        self.templates: tuple[tuple[ServerTemplate, ServerGroup], ...] = tuple(
            (
                ServerTemplate(
                    self,
                    name,
                    platform=platform,
                    name=name,
                    settings=group,
                    port=group.port or platform.servers.port,
                    tier=group.subnets,
                    security_group=security_groups[name],
                    environment=_environment((*(access[use] for use in group.uses), own[name])),
                    statements=[
                        statement
                        for each in (*(access[use] for use in sorted(group.uses)), own[name])
                        for statement in each.statements
                    ],
                ),
                group,
            )
            for name, group in groups.items()
        )


def _environment(uses: Iterable[Access]) -> dict[str, str]:
    return {name: value for use in uses for name, value in use.environment.items()}


def url_variable(name: str) -> str:
    """Return the variable that tells a server where it finds another one: `LOYALTY_SERVER_URL` of `loyalty-server`."""
    return f"{name.upper().replace('-', '_')}_URL"
