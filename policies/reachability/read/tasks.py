"""Tasks of ECS, and jobs, that something starts: where it says in blocks of its own, or in a definition, they stand.

Sources: EventBridge Pipes user guide, "Targets"; Step Functions developer guide, "Run Amazon ECS or Fargate tasks";
EventBridge Scheduler user guide, "Using templated targets".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from policies.library.json_text import from_json
from policies.library.model import Resource
from policies.library.values import Unknown, UnknownValue, Value
from policies.reachability.read.reading import Reading

_PIPE = "aws_pipes_pipe"
_STATE_MACHINE = "aws_sfn_state_machine"
_OF_PIPE = ("target_parameters", "ecs_task_parameters")
_OF_TASKS = (_OF_PIPE[0], "definition")
_NETWORKS = frozenset({"networkconfiguration", "vpcconfig", "vpc_config", "network_configuration"})
"""What definitions of state machines call where what they start stands, in small letters."""


def started_by(resource: Resource, reading: Reading) -> Resource | None:
    """A resource as it says where the tasks that it starts stand; None if it starts none.

    For those that say it elsewhere than in their own blocks `network_configuration`.
    """
    if resource.type == _PIPE:
        return _of_pipe(resource, reading)
    if resource.type == _STATE_MACHINE:
        return _of_state_machine(resource, reading)
    return None


def without_tasks(resource: Resource) -> Resource:
    """A resource as it says where its own interfaces stand, beside those of tasks that it starts."""
    left = {name: value for name, value in resource.attributes.items() if name not in _OF_TASKS}
    return replace(resource, attributes=left)


def _of_pipe(pipe: Resource, reading: Reading) -> Resource | None:
    for outer in reading.blocks(pipe, _OF_PIPE[0], pipe, "read as far as known"):
        for inner in reading.blocks(outer, _OF_PIPE[1], pipe, "read as far as known"):
            return replace(pipe, attributes=inner.attributes)
    return None


def _of_state_machine(machine: Resource, reading: Reading) -> Resource | None:
    try:
        definition = from_json(machine.get("definition"))
    except UnknownValue:
        reading.assume("its definition is not known: what it starts is not looked at", machine)
        return None
    found = tuple(_networks(definition))
    return replace(machine, attributes={"network_configuration": found}) if found else None


def _networks(value: Value) -> Iterator[Value]:
    """The blocks in a definition that say where something stands; what is only known when it runs is unknown."""
    if isinstance(value, tuple):
        for each in value:
            yield from _networks(each)
    elif isinstance(value, Mapping):
        for name, each in value.items():
            if name.removesuffix(".$").lower() in _NETWORKS:
                yield _resolved(each)
            else:
                yield from _networks(each)


def _resolved(value: Value) -> Value:
    """A block in which what is a path into the state's input, or an expression, is unknown."""
    if isinstance(value, tuple):
        return tuple(_resolved(each) for each in value)
    if isinstance(value, Mapping):
        return {
            name.removesuffix(".$"): Unknown(name) if name.endswith(".$") else _resolved(each)
            for name, each in value.items()
        }
    is_expression = isinstance(value, str) and value.startswith(("$", "{%"))
    return Unknown(str(value)) if is_expression else value
