"""The network of an environment as synthesized, and networks of other settings, with what the tests ask of both."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cdktf import App, TerraformStack

from envs.load import load
from modules.common.context import Context
from modules.common.names import Names
from modules.common.provider import add_provider
from modules.network.network import Network
from modules.network.security_group import SecurityGroup

Resource = dict[str, Any]
ENVIRONMENTS = ("dev", "staging", "prod")
REFERENCE = re.compile(r"\$\{(?:data\.)?\w+\.([\w-]+)\.\w+\}")


class Document:
    """Synthesized Terraform, asked by type or by construct path (without the environment's name)."""

    def __init__(self, environment: str, content: Resource) -> None:
        self.environment = environment
        self.settings = load(environment)
        self._resources: dict[str, dict[str, Resource]] = content["resource"]

    def of(self, kind: str) -> dict[str, Resource]:
        """The resources of a type in the network, by logical id; none when there is no such type."""
        found = self._resources.get(kind, {})
        return {name: body for name, body in found.items() if self.path(body).startswith("network/")}

    def anywhere(self, kind: str) -> dict[str, Resource]:
        """The resources of a type in the whole environment, by logical id."""
        return self._resources.get(kind, {})

    def types(self) -> tuple[str, ...]:
        """The types of resources in the whole environment."""
        return tuple(self._resources)

    def all(self) -> dict[str, Resource]:
        """All resources of the network, by address."""
        return {f"{kind}.{name}": body for kind in self._resources for name, body in self.of(kind).items()}

    def at(self, path: str) -> Resource:
        """The one resource with a construct path such as `network/vpc/vpc`."""
        [found] = [body for body in self.all().values() if self.path(body) == path]
        return found

    def path(self, body: Resource) -> str:
        """The construct path of a resource, without the environment's name."""
        return str(body["//"]["metadata"]["path"].removeprefix(f"{self.environment}/"))

    def target(self, value: str) -> str:
        """The construct path of the resource that an expression such as `${aws_vpc.x.id}` refers to."""
        match = REFERENCE.fullmatch(value)
        assert match, f"not a reference: {value!r}"
        [path] = [
            self.path(body) for kind in self._resources.values() for name, body in kind.items() if name == match[1]
        ]
        return path

    def policy(self, body: Resource, key: str = "policy") -> list[Resource]:
        """The statements of a policy document."""
        statements: list[Resource] = json.loads(body[key])["Statement"]
        return statements


@pytest.fixture(params=ENVIRONMENTS)
def document(request: pytest.FixtureRequest, synthesized: dict[str, Resource]) -> Document:
    """Each environment in turn, as the whole app synthesizes it."""
    return Document(request.param, synthesized[request.param])


@pytest.fixture(scope="session")
def network_with(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Document]:
    """A function: the production network, alone, with some settings changed and one client that calls out."""

    built: dict[str, Document] = {}

    def network(**changes: object) -> Document:
        key = repr(sorted(changes.items()))
        if key not in built:
            built[key] = synthesize(changes)
        return built[key]

    def synthesize(changes: dict[str, object]) -> Document:
        settings = load("prod")
        network_settings = settings.network.model_validate({**settings.network.model_dump(), **changes})
        outdir: Path = tmp_path_factory.mktemp("network")
        app = App(outdir=str(outdir))
        stack = TerraformStack(app, "prod")
        names = Names.of(settings)
        add_provider(stack, names)
        part = Network(
            stack,
            "network",
            context=Context.of(stack, settings),
            settings=network_settings,
            server_port=settings.servers.port,
            domain_name=settings.domain_name,
            allowed_domains=("api.payments.example",),
        )
        client = SecurityGroup(stack, "client", names=names, name="client", description="Calls out", vpc_id=part.vpc_id)
        part.connect_to_aws(client)
        part.connect_to_on_premises(client)
        app.synth()
        return Document("prod", json.loads((outdir / "stacks" / "prod" / "cdk.tf.json").read_text()))

    return network
