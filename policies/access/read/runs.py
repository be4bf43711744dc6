"""Which roles the code of things has, and the services that act as a role."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from policies.access.read.links import Link, TextLinks
from policies.access.read.texts import ValueTexts
from policies.access.read.thing_types import ACTS, RUNS_CODE, THING_TYPES, USED_BY_AWS
from policies.library.model import Resource
from policies.library.values import Value
from policies.reachability.read.reading import Reading, leaves

ROLES = ("aws_iam_role", "data.aws_iam_role")
_PROFILES = ("aws_iam_instance_profile",)
_TEMPLATES = ("aws_launch_template", "aws_launch_configuration", "aws_ecs_task_definition")
_NO_ROLES = ("aws_iam_",)
_OF_AWS: Mapping[str, tuple[str, ...]] = {
    "aws_apprunner_service": ("access_role_arn",),
    "aws_batch_job_definition": ("execution_role_arn",),
    "aws_ecs_service": ("iam_role",),
    "aws_ecs_task_definition": ("execution_role_arn",),
    "aws_emr_cluster": ("service_role", "autoscaling_role"),
}
"""Arguments that name roles of which AWS alone has the credentials, not the code."""
_OF_ROLES = ("role", "profile", "template", "launch_configuration", "task_definition")
"""What is in the names of attributes, or of the blocks around them, that name roles or what has one."""


class Runs:
    """Who has which role."""

    def __init__(self, reading: Reading, texts: ValueTexts, links: TextLinks) -> None:
        self._reading, self._texts, self._links = reading, texts, links

    def code(self, resource: Resource) -> tuple[Link, ...]:
        """The roles whose credentials the code of a resource has; none of what runs none."""
        return self.roles(resource) if resource.type in RUNS_CODE else ()

    def definition(self, resource: Resource) -> tuple[Link, ...]:
        """The roles as which AWS makes the calls that a resource defines."""
        return self.roles(resource) if resource.type in ACTS else ()

    def elsewhere(self) -> Iterator[str]:
        """The roles that resources name which are no things, unless AWS alone uses them there."""
        for _, resource in sorted(self._reading.configuration.resources.items()):
            if resource.type not in {*THING_TYPES, *USED_BY_AWS} and resource.type.startswith("aws_"):
                yield from (link.resource.address for link in self.roles(resource))

    def roles(self, resource: Resource) -> tuple[Link, ...]:
        """The roles that a resource names, directly, by an instance profile or by a template."""
        if resource.type.startswith(_NO_ROLES):
            return ()
        found: dict[str, Link] = {}
        for value in _of_roles(resource.attributes, without=_OF_AWS.get(resource.type, ())):
            for link in self._named(value, resource):
                found.setdefault(link.resource.address, link)
        return tuple(found.values())

    def _named(self, value: Value, resource: Resource) -> Iterator[Link]:
        templates = [each for each in self._reading.configuration.resolve(value) if each.type in _TEMPLATES]
        if templates:  # by any of its attributes, such as its version, which names no role
            yield from (link for each in templates if each is not resource for link in self.roles(each))
            return
        yield from self._links.named(value, ROLES, resource)
        for profile in self._links.named(value, _PROFILES, resource):
            for role in self._links.named(profile.resource.get("role"), ROLES, profile.resource):
                yield Link(role.resource, profile.assumption or role.assumption)


def _of_roles(value: Value, *, is_of_roles: bool = False, without: Collection[str] = ()) -> Iterator[Value]:
    """The values under names that speak of roles, at whatever depth."""
    if isinstance(value, Mapping):
        for name, each in value.items():
            if name not in without:
                speaks = is_of_roles or any(word in name for word in _OF_ROLES)
                yield from _of_roles(each, is_of_roles=speaks, without=without)
    elif isinstance(value, tuple):
        for each in value:
            yield from _of_roles(each, is_of_roles=is_of_roles, without=without)
    elif is_of_roles:
        yield from leaves(value)
