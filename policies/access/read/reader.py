"""From Terraform to all that decides requests to AWS."""

from __future__ import annotations

from collections.abc import Iterable

from policies.access.model import AccessModel
from policies.access.read.accounts import Accounts
from policies.access.read.actions import resource_types
from policies.access.read.attachable import attachable
from policies.access.read.attached import Attached
from policies.access.read.encryption import Encryption
from policies.access.read.endpoints import endpoints
from policies.access.read.holds import Holds
from policies.access.read.links import TextLinks
from policies.access.read.module_arguments import ModuleArguments
from policies.access.read.principals import Principals
from policies.access.read.resource_policies import WRITERS, ResourcePolicies
from policies.access.read.runs import Runs
from policies.access.read.stand_ins import with_stand_ins
from policies.access.read.statements import Documents
from policies.access.read.texts import ValueTexts
from policies.access.read.thing_types import THING_TYPES
from policies.access.read.things import Things
from policies.access.read.unread import unread
from policies.library.documents import Principal
from policies.library.model import Configuration
from policies.reachability.read.gaps import gap_assumptions
from policies.reachability.read.reading import Reading

_ALWAYS = ("iam", "sts", "kms")
"""Services whose actions are needed whatever is declared."""

_NETWORKS = ("aws_vpc", "aws_default_vpc", "aws_vpc_endpoint")


def read(
    configuration: Configuration,
    also: Iterable[Principal] = (),
    beside: AccessModel | None = None,
    *,
    may_be_named: bool = False,
) -> AccessModel:
    """Who there is, what there is, and every policy between them, in one or several stacks of an account.

    `also` are principals that nothing has to name. Whom policies of a model `beside` name is there too, so that the two
    can be compared; ``may_be_named`` is whether an own account that nothing tells may be one that is named elsewhere.
    """
    declared = Reading(configuration)
    names = ValueTexts(declared, Accounts(configuration, may_be_named=may_be_named))
    configuration = with_stand_ins(configuration, names, TextLinks(declared, names))
    reading = Reading(configuration)
    accounts = Accounts(configuration, may_be_named=may_be_named)
    texts = ValueTexts(reading, accounts)
    documents = Documents(configuration, texts)
    links = TextLinks(reading, texts)
    given = ModuleArguments(reading, texts)
    runs = Runs(reading, texts, links)
    attached = Attached(reading, texts, documents, links, given)
    written = ResourcePolicies(reading, texts, documents, links, given)
    made = Things(
        reading,
        texts,
        links,
        policies=written,
        encryption=Encryption(reading, texts, links),
        runs=runs,
        holds=Holds(reading, links),
    )
    things = made.all()
    gates = {each.key: each for each in endpoints(reading, texts, documents, links)}
    named = [
        policy
        for policies in (*(each.policies for each in things.values()), *(each.policies for each in gates.values()))
        for policy in policies
    ]
    for resource in configuration.resources.values():
        if resource.type in THING_TYPES:
            accounts.id_of(resource)
    named += beside.policies() if beside is not None else ()
    principals = Principals(configuration, reading, texts, accounts, attached).all(named, also)
    services = sorted({*_ALWAYS, *(each.service for each in things.values())})
    return AccessModel(
        principals=principals,
        things=things,
        endpoints=gates,
        accounts=accounts.all(),
        networks=frozenset(texts.attribute(each, "id") for each in configuration.of_type(*_NETWORKS)),
        resource_types=resource_types(services),
        attachable=attachable(attached, things.values(), principals.values()),
        run_elsewhere=frozenset(runs.elsewhere()),
        assumptions=reading.assumptions,
        gaps=(
            *gap_assumptions(reading),
            *made.gaps,
            *written.gaps,
            *attached.gaps,
            *unread(configuration, {*THING_TYPES, *WRITERS}),
        ),
    )
