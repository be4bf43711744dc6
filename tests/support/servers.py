"""The servers of a synthesized environment, and what is in their user data."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

from ruamel.yaml import YAML

from tests.support.helpers import Document, resource, resources


class Server(NamedTuple):
    """One server template of system.md."""

    name: str
    path: str
    """Construct path of the template."""
    tier: str
    settings: str
    """Path of its settings."""


SERVERS = (
    Server("core-server", "servers/core-server", "public", "servers.core"),
    Server("ordering-server", "servers/ordering-server", "public", "servers.ordering"),
    Server("event-store", "event-store/server", "private", "event_store.server"),
    Server("purchase-gateway", "purchase-gateway/server", "private", "purchase_gateway.server"),
)
PUBLIC = tuple(each for each in SERVERS if each.tier == "public")
PRIVATE = tuple(each for each in SERVERS if each.tier == "private")


def launch_template(document: Document, server: Server) -> Any:
    return resource(document, "aws_launch_template", f"{server.path}/launch-template/template").body


def scaling_group(document: Document, server: Server) -> Any:
    return resource(document, "aws_autoscaling_group", f"{server.path}/scaling-group/group").body


def role_policy(document: Document, server: Server) -> str:
    return str(resource(document, "aws_iam_role_policy", f"{server.path}/instance-profile/policy").body["policy"])


def user_data(document: Document, server: Server) -> str:
    """The text that the launch template encodes. Fails unless it is one local, encoded as a whole."""
    match = re.fullmatch(r"\$\{base64encode\(local\.([\w-]+)\)\}", launch_template(document, server)["user_data"])
    assert match
    return str(document["locals"][match[1]])


def cloud_config(text: str) -> Any:
    return YAML(typ="safe").load(text)


def files(text: str) -> dict[str, str]:
    """The files that user data writes, by path."""
    return {each["path"]: each["content"] for each in cloud_config(text)["write_files"]}


def variables(text: str) -> dict[str, str]:
    """The application's environment."""
    lines = files(text)["/etc/application/environment"].splitlines()
    return dict(line.split("=", 1) for line in lines)


def agent_configuration(text: str) -> Any:
    return json.loads(files(text)["/etc/application/cloudwatch-agent.json"])


def subnets(document: Document, tier: str) -> set[str]:
    """References to the subnets of a tier."""
    found = resources(document, "aws_subnet", under="network/")
    return {f"${{{each.address}.id}}" for each in found if each.path.endswith(f"/{tier}-subnet")}


def security_group(document: Document, server: Server) -> str:
    """Reference to the security group of a server."""
    found = resource(document, "aws_security_group", f"servers/security-groups/{server.name}/group")
    return f"${{{found.address}.id}}"
