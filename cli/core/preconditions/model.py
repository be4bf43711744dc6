"""A precondition: what it asks the account, and how it judges the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from envs.errors import SettingsError
from envs.settings import Settings

Asked = TypeVar("Asked")
"""What a precondition asks for."""

Body = Mapping[str, Any]
"""A resource's arguments in the Terraform, or an answer of AWS."""


class PreconditionState(StrEnum):
    """What is known of a precondition."""

    OK = "ok"
    MISSING = "missing"
    NOT_ALLOWED = "not allowed to ask"
    UNKNOWN = "not known"


class Judgement(NamedTuple):
    """What a precondition says of an answer."""

    state: PreconditionState
    found: str
    """What there is, or is not. Never a secret."""
    remedy: str = ""
    """What to do; empty where nothing is missing."""
    is_fatal: bool = False
    """Whether an apply cannot succeed, or what it makes cannot run."""


def ok(found: str) -> Judgement:
    """The precondition holds."""
    return Judgement(PreconditionState.OK, found)


def missing(found: str, remedy: str, *, is_fatal: bool = True) -> Judgement:
    """The precondition does not hold."""
    return Judgement(PreconditionState.MISSING, found, remedy, is_fatal)


def unknown(found: str, remedy: str = "") -> Judgement:
    """Nobody can say."""
    return Judgement(PreconditionState.UNKNOWN, found, remedy)


class NotAllowed(Exception):
    """The credentials may not ask this; the text names the action."""


class NotKnown(Exception):
    """There is no answer; the text says why."""


class Reads(Protocol):
    """What can be asked of an account and of the public DNS."""

    @property
    def account_id(self) -> str:
        """The account that is expected."""

    @property
    def is_sandbox(self) -> bool:
        """Whether the sandbox stands for the account."""

    def ask(self, service: str, operation: str, *, absent: tuple[str, ...] = (), **arguments: Any) -> Body | None:
        """An answer, all pages of it; None for an error whose code is in ``absent``. Raises `NotAllowed`,
        `NotKnown`."""

    def name_servers(self, domain: str) -> tuple[str, ...]:
        """The name servers that the public DNS gives for a domain; none when it does not resolve. Raises `NotKnown`."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is to be applied: settings, and the Terraform of the environment's two stacks."""

    settings: Settings
    environment: Body
    """The content of the environment's `cdk.tf.json`."""
    bootstrap: Body
    """The content of its bootstrap stack's."""
    parents: tuple[Settings, ...] | SettingsError = ()
    """The environments whose domains are above this one's; what is wrong with the file of one."""

    def resources(self, type: str) -> tuple[Body, ...]:
        """The resources of a type in the environment's stack."""
        return tuple(self.environment.get("resource", {}).get(type, {}).values())

    def data(self, type: str) -> tuple[Body, ...]:
        """The data sources of a type in the environment's stack."""
        return tuple(self.environment.get("data", {}).get(type, {}).values())

    def bootstrap_resources(self, type: str) -> tuple[Body, ...]:
        """The resources of a type in the bootstrap stack."""
        return tuple(self.bootstrap.get("resource", {}).get(type, {}).values())

    def resolve(self, value: str, type: str) -> Body | None:
        """The resource of a type that a reference such as `${aws_sns_topic.x.arn}` names; None when it names none."""
        address = value.removeprefix("${").removesuffix("}").split(".")
        if address[0] != type:
            return None
        resource: Body | None = self.environment.get("resource", {}).get(type, {}).get(address[1])
        return resource


@dataclass(frozen=True)
class Precondition(Generic[Asked]):
    """Something that must be there before an apply."""

    name: str
    why: str
    """What goes wrong without it."""
    actions: tuple[str, ...]
    """The IAM actions that asking takes."""
    ask: Callable[[Subject, Reads], Asked]
    judge: Callable[[Subject, Asked], Judgement]
    """A pure judgement of what was asked."""
    can_be_fatal: bool = True
    """Whether it can stop a plan; one that cannot is only asked by `infra doctor`."""


class PreconditionResult(NamedTuple):
    """What is known of one precondition."""

    name: str
    state: PreconditionState
    found: str
    why: str
    remedy: str
    is_fatal: bool
