"""The edge of each environment as the whole app synthesizes it, and small stacks of its parts with other settings."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest

from envs.load import environments, load
from tests.support.helpers import Document, Resource, resource, resources

REFERENCE = re.compile(r"\$\{(\w+)\.([\w-]+)\.\w+\}")


class Environment:
    """One environment: its settings, and its resources by type and construct path."""

    def __init__(self, name: str, document: Document) -> None:
        self.name = name
        self.settings = load(name)
        self.document = document

    def at(self, type: str, path: str) -> Mapping[str, Any]:
        """The body of the resource of a type at a construct path."""
        return resource(self.document, type, path).body

    def all(self, type: str, under: str = "edge/") -> list[Resource]:
        """The resources of a type, in the edge or below another path."""
        return resources(self.document, type, under=under)

    def target(self, reference: str) -> str:
        """The construct path of the resource that an expression such as `${aws_lb.x.arn}` refers to."""
        match = REFERENCE.fullmatch(reference)
        assert match, f"not a reference: {reference!r}"
        [found] = [each for each in resources(self.document, match[1]) if each.name == match[2]]
        return found.path

    def statements(self, body: Mapping[str, Any], key: str = "policy") -> dict[str, dict[str, Any]]:
        """The statements of a policy document, by their ids."""
        return {each["Sid"]: each for each in json.loads(body[key])["Statement"]}


@pytest.fixture(params=environments())
def environment(request: pytest.FixtureRequest, synthesized: Mapping[str, Document]) -> Environment:
    """Each environment in turn."""
    return Environment(request.param, synthesized[request.param])


@pytest.fixture(params=environments())
def bootstrap(request: pytest.FixtureRequest, synthesized_bootstrap: Mapping[str, Document]) -> Environment:
    """The bootstrap stack of each environment in turn."""
    return Environment(request.param, synthesized_bootstrap[request.param])
