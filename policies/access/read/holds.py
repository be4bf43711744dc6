"""Credentials of users that Terraform writes into things: an access key in an object, a parameter, an environment.

Who can read them there is the user. Only what the configuration writes is seen: not what is in files and images.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from policies.access.read.links import TextLinks
from policies.library.model import Resource
from policies.library.values import Reference, leaves
from policies.reachability.read.reading import Reading

_KEYS = "aws_iam_access_key"
_SECRET = frozenset({"", "encrypted_secret", "secret"})
"""The attributes without which nobody can sign anything."""


@dataclass(frozen=True)
class _Written:
    """What data is put into."""

    type: str
    names: str
    """The attribute that names it."""


_ITSELF = frozenset(
    {
        "aws_codebuild_project",
        "aws_ecs_task_definition",
        "aws_instance",
        "aws_lambda_function",
        "aws_launch_template",
        "aws_ssm_parameter",
    }
)
"""Types whose arguments can be read by who may ask for them."""
_IN_OTHERS: Mapping[str, _Written] = {
    "aws_dynamodb_table_item": _Written("aws_dynamodb_table", "table_name"),
    "aws_s3_bucket_object": _Written("aws_s3_bucket", "bucket"),
    "aws_s3_object": _Written("aws_s3_bucket", "bucket"),
    "aws_secretsmanager_secret_version": _Written("aws_secretsmanager_secret", "secret_id"),
}
"""Types that write into another one."""


class Holds:
    """Whose credentials can be read where."""

    def __init__(self, reading: Reading, links: TextLinks) -> None:
        self._reading, self._links = reading, links
        self._users: dict[str, dict[str, None]] = {}
        if not reading.configuration.of_type(_KEYS):
            return
        for each in reading.configuration.of_type(*sorted(_ITSELF), *sorted(_IN_OTHERS)):
            users = dict.fromkeys(self._of(each))
            for address in self._places(each) if users else ():
                self._users.setdefault(address, {}).update(users)

    def users(self, resource: Resource) -> tuple[str, ...]:
        """The addresses of the users whose credentials are in a resource."""
        return tuple(self._users.get(resource.address, ()))

    def _places(self, resource: Resource) -> Iterator[str]:
        written = _IN_OTHERS.get(resource.type)
        if written is None:
            yield resource.address
        else:
            found = self._links.named(resource.get(written.names), (written.type,), resource)
            yield from (link.resource.address for link in found)

    def _of(self, resource: Resource) -> Iterator[str]:
        known = self._reading.configuration.resources
        for leaf in leaves(dict(resource.attributes)):
            if isinstance(leaf, Reference) and leaf.type == _KEYS and leaf.attribute in _SECRET:
                key = known.get(leaf.address)
                if key is not None:
                    users = self._links.named(key.get("user"), ("aws_iam_user",), key)
                    yield from (link.resource.address for link in users)
