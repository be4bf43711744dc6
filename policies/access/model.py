"""All that takes part in deciding a request to AWS, worked out from a configuration: the engine reads nothing else.

Texts are IAM's: `*` and `?` are wildcards in actions, resources and ARNs, `${...}` is a policy variable; in a document
of another version than 2012-10-17, which has no variables, a reader writes `$` as `${$}`. Parts that are not known
before the apply stand in them as policies.access.text says.

*Unknown is never absent, and it has a direction.* What is not known permits as much as it can and denies as little as
nothing. An entry of a list that is not known is undetermined text; so is one that stands for a list that is not known.
A statement of which nobody knows whether it is there, or with more conditions, has an `assumption`: an Allow of it may
allow, a Deny of it may not deny. So an answer is "no" only where the known parts make it so, and a "yes" that needs an
unknown one is assumed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from policies.access.text import is_determined
from policies.library.documents import Condition
from policies.library.documents import Principal as PrincipalElement
from policies.library.model import Resource
from policies.reachability.network import Assumption


@dataclass(frozen=True)
class Origin:
    """Where something is written."""

    resource: Resource | None
    """What declares it; its construct path is there too. None for what stands in a file of the organisation, or is
    what AWS does where nothing is declared."""
    part: str
    """The attribute, block or file: `policy`, `inline_policy[1].policy`, `scp/deny-leave.json`."""
    statement: int | None = None
    """Which statement of the document, counted from 1."""


@dataclass(frozen=True, eq=False)
class PolicyStatement:
    """One statement with every value as text. With `inverts_x` the list names what it does not cover.

    The values of `principals` and `conditions` are texts too, never `Unknown`.
    """

    allows: bool
    origin: Origin
    sid: str = ""
    principals: tuple[PrincipalElement, ...] = ()
    """Empty in policies that have none: identity, boundary, session, SCP."""
    inverts_principals: bool = False
    actions: tuple[str, ...] = ()
    inverts_actions: bool = False
    resources: tuple[str, ...] = ()
    """Empty where AWS allows none, as in trust policies: then it is about what the policy is attached to."""
    inverts_resources: bool = False
    conditions: tuple[Condition, ...] = ()
    assumption: Assumption | None = None
    """Why nobody knows whether it is there, or whether it has more conditions. An effect that is not known is an Allow
    and a Deny, both with it."""


class PolicyKind(StrEnum):
    """What a policy does in AWS's evaluation. Source: IAM user guide, "Policies and permissions in IAM"."""

    IDENTITY = "identity policy"
    """Inline, managed, or of a group."""
    BOUNDARY = "permissions boundary"
    SESSION = "session policy"
    SCP = "service control policy"
    RCP = "resource control policy"
    RESOURCE = "resource policy"
    TRUST = "trust policy"
    KEY = "key policy"
    GRANT = "grant"
    """One grant of a KMS key: a statement with the grantee, the operations as actions, and as conditions on
    kms:EncryptionContext:KEY and kms:EncryptionContextKeys what it constrains."""
    ACL = "access control list"
    """Of a bucket, as the statements that AWS documents for it (S3 user guide, "Access control list overview")."""
    ENDPOINT = "endpoint policy"


@dataclass(frozen=True, eq=False)
class Policy:
    """A policy document: its statements in order.

    Of one that cannot be read, or is attached perhaps, each statement has an assumption; what is not read at all is one
    statement that allows everything to everyone.
    """

    kind: PolicyKind
    name: str
    """For messages: the name of a managed policy, or the Terraform address with the attribute."""
    statements: tuple[PolicyStatement, ...]
    resource: Resource | None = None
    arn: str = ""
    """Of a managed policy."""


@dataclass(frozen=True)
class KeyValues:
    """What a condition key may hold in a request.

    `values` are texts or patterns with `*` and `?`; of keys of IP addresses, networks. A single-valued key holds one
    of them, a multivalued key some.
    """

    values: tuple[str, ...] = ()
    may_be_absent: bool = False
    but: tuple[str, ...] = ()
    """Texts or patterns, of those that `values` cover, that it does not hold."""
    is_perhaps_absent: bool = False
    """Whether it is not known that requests have it at all."""


ABSENT = KeyValues(may_be_absent=True)
"""A key that the request does not have."""

Context = Mapping[str, KeyValues]
"""Condition keys in lower case and what they may hold; a key that is not in it may hold anything, or be absent."""


class PrincipalKind(StrEnum):
    """Who makes a request. Source: IAM user guide, "AWS JSON policy elements: Principal"."""

    ROLE = "role"
    """A session of a role."""
    SERVICE_LINKED_ROLE = "service-linked role"
    """A role that only its service uses: neither SCPs nor RCPs restrict it."""
    USER = "user"
    ROOT = "root user"
    SERVICE = "service"
    """A service that acts under its own name, for somebody."""
    FEDERATED = "federated user"
    """Somebody whom an identity provider knows, before they have a role: they can assume one, nothing else."""
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, eq=False)
class Requester:
    """Who makes a request, with the policies that are attached to it.

    One object can stand for several principals of which nothing but the name differs: `arn` is then a pattern.
    """

    key: str
    """Unique; of a role or user of the configuration its address, under which it is also a thing."""
    name: str
    kind: PrincipalKind
    arn: str = ""
    """Of a role the role's, not the session's. A pattern where a name is free to choose: `arn:aws:iam::<other>:*`.
    Empty for services and anonymous."""
    account: str = ""
    """Key in `AccessModel.accounts`; empty for services, federated and anonymous."""
    service: str = ""
    """`ec2.amazonaws.com` of a service and of a service-linked role; of a federated user the provider, as a Principal
    element names it: `arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com`, `accounts.google.com`."""
    acts_for_others: bool = False
    """Of a service, that it acts for another account than those of the configuration."""
    identity: tuple[Policy, ...] = ()
    is_unrestricted: bool = False
    """Its own account gives it every permission: administrators, the root user, who is elsewhere."""
    boundaries: tuple[Policy, ...] = ()
    """One policy; several if nobody knows which: then each of them may be it. Empty if it has none."""
    sessions: tuple[Policy, ...] = ()
    """Session policies, of which each restricts: its role may be assumed with no others."""
    context: Context = field(default_factory=dict)
    """What its requests hold beside what follows from the fields above: `aws:principaltag/...`, `aws:username`, claims
    of a provider's token, `aws:sourcearn` of a service that acts for something known."""
    resource: Resource | None = None
    presence: Assumption | None = None
    """Why nobody knows whether it is there."""
    assumptions: tuple[Assumption, ...] = ()
    """What it rests on that it is as it is here: whatever it may do rests on these."""


@dataclass(frozen=True, eq=False)
class Endpoint:
    """A VPC endpoint through which requests go to a service."""

    key: str
    name: str
    id: str
    """What aws:SourceVpce holds; `vpce-` and an assigned part where it is not known."""
    vpc: str
    """What aws:SourceVpc holds."""
    service: str
    """The prefix of the actions that go through it: `s3`, `dynamodb`."""
    policies: tuple[Policy, ...]
    """One policy; several if nobody knows which. Empty is AWS's default, which allows everything."""
    account: str = ""
    resource: Resource | None = None


EVERY_INTERFACE = "*"


@dataclass(frozen=True, eq=False)
class Position:
    """A place from which requests are made, and what condition keys hold there."""

    name: str
    """`endpoint s3 of core`, `the internet`, `inside AWS for the caller`."""
    endpoint: Endpoint | None = None
    """What requests pass; only those to its service are made from here then."""
    context: Context = field(default_factory=dict)
    """`aws:sourceip`, `aws:sourcevpc`, `aws:sourcevpce`, `aws:vpcsourceip`, `aws:viaawsservice`, `aws:calledvia`: those
    of the endpoint too."""
    assumption: Assumption | None = None
    """What it rests on that somebody can stand there; None if it is certain."""
    through: Thing | None = None
    """The access point through which requests to a bucket come."""
    to: str = ""
    """The key of the thing whose interfaces in a VPC are reached from here, and nothing else; EVERY_INTERFACE where
    everything is."""


@dataclass(frozen=True, eq=False)
class Caller:
    """A principal and where it stands: who asks is both."""

    principal: Requester
    positions: tuple[Position, ...]
    """Each is a way of its own; none if it can call nobody."""


ANY_TYPE = "*"
"""Stands for every type of resources."""


@dataclass(frozen=True, eq=False)
class BlockPublicAccess:
    """Block public access of a bucket or access point, its account's settings included; what is not known is False."""

    ignores_acls: bool = False
    """IgnorePublicAcls: ACLs do not let the public in."""
    restricts_policies: bool = False
    """RestrictPublicBuckets: a public policy lets only services and the own account in."""
    blocks_policies: bool = False
    """BlockPublicPolicy: nobody can put a public policy there."""
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True, eq=False)
class Thing:
    """Something that requests are about, with the policies that are attached to it."""

    key: str
    """Unique: the address."""
    name: str
    type: str
    """`aws_s3_bucket`."""
    service: str
    """The prefix of its actions: `s3`."""
    arns: Mapping[str, tuple[str, ...]]
    """The resources of requests about it, by resource type as the Service Authorization Reference names it, as texts or
    patterns: `bucket`: `arn:aws:s3:::b`, `object`: `arn:aws:s3:::b/*`; ANY_TYPE for those of every type."""
    account: str
    """Key in `AccessModel.accounts`."""
    policies: tuple[Policy, ...] = ()
    """Resource, trust or key policies, grants, ACLs. Where AWS puts a document that is not written, its default is
    written out: a key policy that lets the account in."""
    encryption_keys: tuple[str, ...] = ()
    """Keys of the things that encrypt it: one; several if nobody knows which. Empty: none, or a key of AWS."""
    behind: str = ""
    """Of an access point the key of its bucket: requests through the one need the other's permission too."""
    public_access: BlockPublicAccess | None = None
    context: Context = field(default_factory=dict)
    """Keys that the thing decides: `aws:resourcetag/...`, `s3:existingobjecttag/...`, `kms:keyspec`."""
    in_network: bool = False
    """Whether requests about it go to its own interfaces in a VPC, not to a public API."""
    runs_as: tuple[str, ...] = ()
    """Keys of the roles whose credentials the code that runs there has: of a function, an instance, a task, a build."""
    holds: tuple[str, ...] = ()
    """Keys of the users whose credentials can be read there."""
    acts_as: tuple[str, ...] = ()
    """Keys of the roles as which AWS makes the calls that its definition says: of a state machine, a pipe, a stack."""
    resource: Resource | None = None
    presence: Assumption | None = None
    """Why nobody knows whether it is there."""
    unknown_keys: tuple[Assumption, ...] = ()
    """Why nobody knows who may use the key that encrypts it: what needs it rests on these."""

    @property
    def all_arns(self) -> tuple[str, ...]:
        """The resources of all types."""
        return tuple(arn for each in self.arns.values() for arn in each)


@dataclass(frozen=True, eq=False)
class Account:
    """An account, this configuration's or another one."""

    key: str
    id: str
    """Twelve digits, or an assigned part."""
    name: str
    organization: str = ""
    """`o-...`, or an assigned part; empty if it is in none."""
    paths: tuple[str, ...] = ()
    """What aws:PrincipalOrgPaths and aws:ResourceOrgPaths hold: `o-1/r-1/ou-1/`."""
    scps: tuple[tuple[Policy, ...], ...] = ()
    """By level, root first: each level must allow. Empty where no file says anything: then they permit everything."""
    rcps: tuple[tuple[Policy, ...], ...] = ()
    is_management: bool = False
    """SCPs and RCPs do not restrict the organization's management account."""


@dataclass(frozen=True, eq=False)
class AccessModel:
    """Principals, things and what connects them, each by its key, in the order of keys."""

    principals: Mapping[str, Requester]
    things: Mapping[str, Thing]
    endpoints: Mapping[str, Endpoint]
    accounts: Mapping[str, Account]
    networks: frozenset[str] = frozenset()
    """The ids of the VPCs and endpoints that are declared, as policies name them."""
    resource_types: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """For each action in lower case the types of resources that it is about, from the Service Authorization Reference:
    none for actions on no resource, whose requests have the resource `*`. One that is not in it may be about any."""
    attachable: Mapping[str, tuple[Policy, ...]] = field(default_factory=dict)
    """By the keys of groups what they allow their members; by the ARNs of policies that something asks for as
    permissions boundaries what these allow."""
    run_elsewhere: frozenset[str] = frozenset()
    """The keys of roles that code may run as of which nothing else is known."""
    assumptions: tuple[Assumption, ...] = ()
    """What was taken for what the configuration does not determine."""
    gaps: tuple[Assumption, ...] = ()
    """What belongs to the configuration and could not be read, so that it may declare anything; policies of what is of
    no type that is read."""

    @property
    def may_be_named(self) -> bool:
        """Whether an own account may be one that policies name, as nothing says which it is."""
        return any(each.name == "this account" and not is_determined(each.id) for each in self.accounts.values())

    def policies(self) -> Iterator[Policy]:
        """Every policy that takes part in a request."""
        for thing in self.things.values():
            yield from thing.policies
        for endpoint in self.endpoints.values():
            yield from endpoint.policies
        for principal in self.principals.values():
            yield from (*principal.identity, *principal.boundaries, *principal.sessions)
        for account in self.accounts.values():
            for level in (*account.scps, *account.rcps):
                yield from level
