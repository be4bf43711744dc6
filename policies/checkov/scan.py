"""What checkov scanned, read once more: the configurations of all files of its graph, and where results belong."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from policies.library.model import Configuration, Resource
from policies.library.rule import BrokenFinding, Finding, Rule
from policies.library.terraform.addresses import without_indexes
from policies.library.terraform.inputs import NO_INPUTS, Inputs
from policies.library.terraform.load import load_directory
from policies.library.terraform.plan import load_plan


@dataclass(frozen=True, eq=False)
class Vertex:
    """A resource or data source in checkov's graph; any other block has an empty address."""

    attributes: Mapping[str, Any]
    file: str
    root: str
    """The directory of the root module, or the plan."""
    type: str
    address: str

    @classmethod
    def of(cls, attributes: Mapping[str, Any]) -> Vertex:
        """From the attributes that checkov gives a vertex."""
        file = os.path.abspath(attributes["file_path_"])
        block_type = attributes.get("block_type_")
        name = str(attributes.get("block_name_", ""))
        address = str(attributes.get("__address__") or name) if block_type in ("resource", "data") else ""
        type_ = name.partition(".")[0]
        if block_type == "data":
            type_ = f"data.{type_}"
            if type_ not in address:
                address = f"{address.removesuffix(name)}data.{name}"
        return cls(attributes, file, _root(file, attributes.get("source_module_object_")), type=type_, address=address)


def _root(file: str, module: Any) -> str:
    if not file.endswith((".tf", ".tf.json", ".hcl")):
        return file
    calling = file
    while module:  # checkov's TFModule: the call that led here, nested in the call that led there
        calling, module = os.path.abspath(module.path), module.nested_tf_module
    return str(Path(calling).parent)


@dataclass(frozen=True)
class ScanRequest:
    """What to judge beside what checkov scanned, and with which values."""

    roots: tuple[str, ...] = ()
    """The directories of root modules, of which checkov may have seen nothing."""
    inputs: Inputs = NO_INPUTS
    private_words: frozenset[str] = frozenset()
    """What a team calls private."""


def _is_tofu(file: str) -> bool:
    return file.endswith((".tofu", ".tofu.json"))


class Scan:
    """The configurations that a graph's vertices are from."""

    def __init__(self, vertices: Iterable[Vertex], request: ScanRequest = ScanRequest()) -> None:
        self._request = request
        self.vertices = [vertex for vertex in vertices if vertex.address]
        self.files = {vertex.file for vertex in self.vertices}
        self.configurations: dict[str, Configuration] = {}
        self.unreadable: dict[str, str] = {}
        """Files and roots that could not be read here although checkov could, with the reason."""
        together: list[Configuration] = []
        for root in sorted({vertex.root for vertex in self.vertices} | set(request.roots)):
            try:
                self.configurations[root] = replace(self._load(Path(root)), beside=together)
                together.append(self.configurations[root])
            except Exception as error:  # fails closed: see judge
                self.unreadable[root] = f"{type(error).__name__}: {error}"
        self._exact = {(vertex.root, vertex.address): vertex for vertex in reversed(self.vertices)}
        self._without_index = {
            (vertex.root, without_indexes(vertex.address)): vertex for vertex in reversed(self.vertices)
        }

    def _load(self, root: Path) -> Configuration:
        if root.is_file():
            configuration = load_plan(json.loads(root.read_bytes()), str(root))
        else:
            configuration, unreadable = load_directory(root, self._request.inputs)
            self.unreadable.update({str(file): reason for file, reason in unreadable.items()})
        words = self._request.private_words
        if not words:
            return configuration
        resources = {address: replace(each, private_words=words) for address, each in configuration.resources.items()}
        return replace(configuration, resources=resources)

    def judge(self, rule: Rule) -> Iterator[tuple[Vertex | None, Resource, tuple[Finding, ...]]]:
        """Every resource the rule applies to, with its vertex and what is wrong with it.

        There is no vertex for resources in files that checkov does not read: modules that Terraform JSON calls, and
        files of OpenTofu.
        """
        for root, configuration in self.configurations.items():
            for resource, findings in rule.judge(configuration):
                vertex = self._vertex(root, resource)
                if vertex is not None or self._is_read_here_only(root, resource.file):
                    yield vertex, resource, findings
        for vertex in self.vertices:
            reason = self.unreadable.get(vertex.file) or self.unreadable.get(vertex.root)
            if reason and vertex.type in rule.applies_to:
                resource = Resource({}, vertex.address, vertex.address, type=vertex.type, name="", file=vertex.file)
                yield vertex, resource, (BrokenFinding(f"not understood: {reason}", "Terraform that can be checked"),)

    def _is_read_here_only(self, root: str, file: str) -> bool:
        """Whether checkov reads a file in no run: the files of a root module belong to the run for their language."""
        return file not in self.files and (str(Path(file).parent) != root or _is_tofu(file))

    def _vertex(self, root: str, resource: Resource) -> Vertex | None:
        """Where a result is reported: at its resource or, where checkov has not expanded count or for_each, at that.

        None if checkov did not scan the resource's file, as in a directory with HCL and JSON, of which each framework
        reads one. A resource that checkov lost is reported at another one of its file, so that it is not lost again.
        """
        if _is_tofu(resource.file):  # it may replace a file of Terraform's that checkov has read
            return None
        nearest = self._exact.get((root, resource.address)) or self._without_index.get(
            (root, without_indexes(resource.address))
        )
        if nearest is None and resource.file in self.files:
            nearest = next(vertex for vertex in self.vertices if vertex.file == resource.file)
        return nearest
